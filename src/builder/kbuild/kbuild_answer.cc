#include "builder/kbuild/kbuild_answer.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/words.h"
#include "builder/kbuild/shell_words.h"
#include "builder/text.h"

namespace suture::builder {
namespace {

// Fields are separated by "|". A kernel with delay-objtool (LTO, or IBT) runs objtool when it links
// vmlinux.o and modules of several objects, with what is objtool-args for each of their objects.
//
// Variables are those of scripts/Makefile.build and Makefile.lib, the
// same from 5.x to 6.12. Only a directory that is visited with need-builtin or need-modorder is
// linked into vmlinux or makes modules.
constexpr std::string_view object_mark = "suture-object|";
constexpr std::string_view object_fields =
    "$@|"
    "$(if $(need-builtin),$(filter $@,$(real-obj-y)))|"
    "$(filter $@,$(lib-y))|"
    "$(if $(need-modorder),$(filter $@,$(real-obj-m)))|"
    "$(obj)|"
    "$(modname-multi)|"
    "$(multi-obj-m)|"
    "$(if $(delay-objtool),$(objtool) $(objtool-args) $@)|"
    "$(cmd_$(1))";
constexpr std::size_t field_count = 9;
constexpr std::string_view borrowed_mark = "suture-borrowed|";

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> found;
  while (true) {
    text = trim(text);
    if (text.empty()) return found;
    const auto end = std::min(text.find(' '), text.size());
    found.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

// The last field may hold the separator.
Result<std::array<std::string_view, field_count>> split_fields(std::string_view line) {
  std::array<std::string_view, field_count> fields;
  for (std::size_t i = 0; i + 1 < field_count; ++i) {
    const auto end = line.find('|');
    if (end == std::string_view::npos) return fail("kbuild answered with {} of {} fields", i + 1, field_count);
    fields[i] = trim(line.substr(0, end));
    line.remove_prefix(end + 1);
  }
  fields.back() = line;
  return fields;
}

Result<KbuildObject> parse_object(std::string_view line) {
  const auto [target, builtin, library, modular, directory, composites, modular_composites, delayed_objtool, command] =
      TRY(split_fields(line));
  KbuildObject object{.source = {}, .target = std::string(target), .compile = {}, .objtool = {}, .modules = {}};
  object.in_vmlinux = !builtin.empty() || !library.empty();
  bool is_linked = object.in_vmlinux;  // with others
  if (!modular.empty()) {
    const auto in_modules = words(modular_composites);
    for (const auto& name : words(composites)) {
      const auto module = fmt::format("{}/{}", directory, name);
      if (std::ranges::find(in_modules, module + ".o") != in_modules.end()) object.modules.push_back(module);
    }
    is_linked |= !object.modules.empty();
    // A module of one object carries its name.
    if (object.modules.empty()) object.modules.emplace_back(target.substr(0, target.rfind('.')));
  }
  auto commands = TRY(split_commands(command), "kbuild's command for {}", target);
  if (commands.empty() || commands.size() > 2)
    return fail("kbuild runs {} commands for {}; only a compiler and objtool are known", commands.size(), target);
  object.compile = std::move(commands[0]);
  if (commands.size() == 2) {
    object.objtool = std::move(commands[1]);
  } else if (is_linked) {
    auto delayed = TRY(split_commands(delayed_objtool), "objtool's command for {}", target);
    if (!delayed.empty()) object.objtool = std::move(delayed.front());
  }
  return object;
}

}  // namespace

std::string object_rule() {
  return fmt::format("if_changed_rule=@:$(if $(filter cc_o_c as_o_S,$(1)),$(info {}{}))", object_mark, object_fields);
}

Result<std::vector<KbuildObject>> parse_objects(std::string_view output) {
  std::vector<KbuildObject> objects;
  for (auto line : lines_of(output)) {
    if (!line.starts_with(object_mark)) continue;
    line.remove_prefix(object_mark.size());
    objects.push_back(TRY(parse_object(line)));
  }
  return objects;
}

std::string borrowed_rule() {
  return fmt::format(
      "--eval=%/suture-borrowed: ; @:$(info {}$(foreach o,$(real-obj-y) $(real-obj-m),$(if $(findstring /../,$o),$o)))",
      borrowed_mark);
}

std::vector<std::string> parse_borrowed(std::string_view output) {
  std::vector<std::string> objects;
  for (auto line : lines_of(output)) {
    if (!line.starts_with(borrowed_mark)) continue;
    line.remove_prefix(borrowed_mark.size());
    for (auto& object : words(line)) objects.push_back(std::move(object));
  }
  return objects;
}

Status check_no_rule(std::string_view make_errors, std::string_view target) {
  if (make_errors.find(fmt::format("No rule to make target '{}'.", target)) != std::string_view::npos) return {};
  return fail("kbuild cannot tell how {} is made:\n{}", target, make_errors.substr(0, 2000));
}

}  // namespace suture::builder
