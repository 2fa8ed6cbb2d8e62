#include "yaml/yaml.h"

#include <charconv>
#include "base/numbers.h"

namespace suture {

Result<Yaml> Yaml::parse(std::string_view text, const std::string& name) {
  try {
    auto node = YAML::Load(std::string(text));
    if (node.IsNull()) node = YAML::Node(YAML::NodeType::Map);
    return Yaml(node, name);
  } catch (const YAML::Exception& error) {
    return fail("{}:{}: {}", name, error.mark.line + 1, error.msg);
  }
}

std::string Yaml::place() const {
  const auto line = node_.Mark().line;
  return line < 0 ? name_ : fmt::format("{}:{}", name_, line + 1);
}

tl::unexpected<Error> Yaml::unknown(const std::string& name) const { return wrong("'{}' is not known", name); }

Result<std::string> Yaml::text() const {
  if (!node_.IsScalar()) return wrong("a single value was expected");
  return node_.Scalar();
}

Result<std::int64_t> Yaml::integer(std::int64_t least, std::int64_t most) const {
  const auto value = TRY(text());
  const auto number = to_number<std::int64_t>(value);
  if (!number || *number < least || *number > most)
    return wrong("'{}' is no whole number from {} to {}", value, least, most);
  return *number;
}

Result<double> Yaml::number() const {
  const auto value = TRY(text());
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() || number < 0)
    return wrong("'{}' is no number, 0 or more", value);
  return number;
}

Result<std::int64_t> Yaml::milliseconds() const {
  const auto value = TRY(text());
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const std::string_view unit(end, value.data() + value.size());
  const std::int64_t factor = unit == "ms"                  ? 1
                              : unit.empty() || unit == "s" ? 1000
                              : unit == "m"                 ? 60'000
                              : unit == "h"                 ? 3'600'000
                              : unit == "d"                 ? 24 * 3'600'000
                                                            : 0;
  constexpr std::int64_t longest = std::int64_t{366} * 24 * 3'600'000;
  if (error != std::errc() || factor == 0 || number < 0 || number > longest / factor)
    return wrong("'{}' is no time: write 500ms, 30s, 5m, 1h or 7d, at most 366d", value);
  return number * factor;
}

Status Yaml::members(const std::function<Status(const std::string&, const Yaml&)>& take) const {
  if (!node_.IsMap()) return wrong("names with values were expected");
  std::set<std::string> seen;
  for (const auto& each : node_) {
    if (!each.first.IsScalar()) return wrong("a name is no single word");
    const auto& name = each.first.Scalar();
    const Yaml key(each.first, name_);
    if (!seen.insert(name).second) return key.wrong("'{}' is there twice", name);
    const Yaml value(each.second, name_);
    auto taken = take(name, value);
    if (!taken) return taken;
  }
  return {};
}

Status Yaml::elements(const std::function<Status(const Yaml&)>& take) const {
  if (!node_.IsSequence()) return wrong("a list was expected");
  for (const auto& each : node_) TRY(take(Yaml(each, name_)));
  return {};
}

}  // namespace suture
