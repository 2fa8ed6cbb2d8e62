#include "builder/compare/data_callbacks.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/words.h"

namespace suture::builder {
namespace {

constexpr std::string_view head = R"(
/*
 * Made by suture build from the changed initial values of this file; review it. Each value is written by
 * one store, and only if the running kernel still has the old one, which is put back when the live patch
 * is disabled. Ask of each: is it used only where it is read, or has something been set up by the old
 * value already? May code that has read the old one meet code that reads the new one? A live patch that
 * replaces this one must hold these lines too: no callback of a replaced live patch runs.
 */
#include <suture.h>

)";

std::string replace(const patch::InitialValue& value, std::string_view before, std::string_view after) {
  return fmt::format("suture_replace((void *)&{} + {}, {}, {}, {})", value.variable, value.offset, value.size, before,
                     after);
}

std::string code(const std::vector<patch::InitialValue>& values) {
  std::string text(head);
  for (const auto& value : values) text += fmt::format("SUTURE_WRITTEN({});\n", value.variable);
  text += "\nstatic void suture_put_back_values(struct klp_object *object)\n{\n";
  for (const auto& value : values) text += fmt::format("\t{};\n", replace(value, value.after, value.before));
  text += "}\nSUTURE_POST_UNPATCH(suture_put_back_values);\n\n";
  text += "static int suture_write_values(struct klp_object *object)\n{\n\tint result = 0;\n\n";
  for (const auto& value : values)
    text += fmt::format("\tif (!result)\n\t\tresult = {};\n", replace(value, value.before, value.after));
  text +=
      "\tif (result)\n\t\tsuture_put_back_values(object);\n\treturn "
      "result;\n}\nSUTURE_PRE_PATCH(suture_write_values);\n";
  return text;
}

}  // namespace

std::string data_callbacks(const std::string& source, std::string_view text,
                           const std::vector<patch::InitialValue>& values) {
  if (values.empty() || !text.ends_with('\n')) return "";
  constexpr std::size_t most_context = 3;
  const auto lines = lines_of(text);
  const auto context = std::min(most_context, lines.size());
  const auto added = code(values);
  const auto added_lines = lines_of(added);
  const auto first = lines.size() - context + 1;
  auto diff = fmt::format("--- a/{0}\n+++ b/{0}\n@@ -{1},{2} +{1},{3} @@\n", source, first, context,
                          context + added_lines.size());
  for (auto i = lines.size() - context; i < lines.size(); ++i) diff += fmt::format(" {}\n", lines[i]);
  for (const auto line : added_lines) diff += fmt::format("+{}\n", line);
  return diff;
}

}  // namespace suture::builder
