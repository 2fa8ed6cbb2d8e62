#include <algorithm>
#include <array>
#include <set>

#include "server/domain/policy/calendar.h"
#include "server/domain/policy/policy.h"
#include "trust/tuf/time.h"
#include "yaml/yaml.h"

namespace suture::server {
namespace {

constexpr std::size_t longest_text = 1 << 20;
constexpr std::array severities{"critical", "high", "medium", "low", "unknown"};
constexpr std::array kinds{"security", "bugfix", "agent"};  // the agent's own upgrade is one, too
constexpr std::array days{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

Result<std::string> read_word(const Yaml& yaml) {
  auto text = TRY(yaml.text());
  const auto is_plain = [](unsigned char each) { return each >= ' ' && each < 0x7f; };
  if (text.empty() || text.size() > 200 || !std::ranges::all_of(text, is_plain))
    return yaml.wrong("1 to 200 printable ASCII characters were expected");
  return text;
}

/// One of some words, or a list of them.
template <typename Known>
Result<std::string> read_known(const Yaml& yaml, const Known& known) {
  auto word = TRY(read_word(yaml));
  if (std::ranges::find(known, word) == known.end())
    return yaml.wrong("'{}' is not known: {} is", word, fmt::join(known, ", "));
  return word;
}

Result<std::vector<std::string>> read_words(const Yaml& yaml) {
  std::vector<std::string> words;
  const auto read = yaml.elements([&](const Yaml& each) -> Status {
    auto word = TRY(read_word(each));
    words.push_back(std::move(word));
    return {};
  });
  TRY(read);
  return words;
}

template <typename Known>
Result<std::vector<std::string>> read_known_words(const Yaml& yaml, const Known& known) {
  std::vector<std::string> words;
  const auto read = yaml.elements([&](const Yaml& each) -> Status {
    auto word = TRY(read_known(each, known));
    words.push_back(std::move(word));
    return {};
  });
  TRY(read);
  return words;
}

Result<Labels> read_hosts(const Yaml& yaml) {
  Labels labels;
  const auto read = yaml.members([&](const std::string& name, const Yaml& value) -> Status {
    labels[name] = TRY(read_word(value));
    return {};
  });
  TRY(read);
  if (labels.empty()) return yaml.wrong("labels were expected; to speak of all hosts, leave this out");
  return labels;
}

Result<rollout::Seconds> read_seconds(const Yaml& yaml) {
  return std::chrono::ceil<rollout::Seconds>(std::chrono::milliseconds(TRY(yaml.milliseconds())));
}

Result<bool> read_flag(const Yaml& yaml) {
  const auto word = TRY(yaml.text());
  if (word != "true" && word != "false") return yaml.wrong("true or false was expected");
  return word == "true";
}

Result<unsigned> read_percent(const Yaml& yaml) { return static_cast<unsigned>(TRY(yaml.integer(0, 100))); }
Result<unsigned> read_count(const Yaml& yaml, std::int64_t least) {
  return static_cast<unsigned>(TRY(yaml.integer(least, 1'000'000)));
}

Result<PolicyMatch> read_match(const Yaml& yaml) {
  PolicyMatch match;
  const auto read = yaml.members([&](const std::string& name, const Yaml& value) -> Status {
    if (name == "kind")
      match.kinds = TRY(read_known_words(value, kinds));
    else if (name == "severity")
      match.severities = TRY(read_known_words(value, severities));
    else if (name == "kernel")
      match.kernels = TRY(read_words(value));
    else if (name == "hosts")
      match.hosts = TRY(read_hosts(value));
    else
      return value.unknown(name);
    return {};
  });
  TRY(read);
  return match;
}

Result<Requirement> read_requirement(const Yaml& yaml) {
  Requirement require;
  const auto read = yaml.members([&](const std::string& name, const Yaml& value) -> Status {
    if (name == "approvals")
      require.approvals = TRY(value.integer(0, 100));
    else if (name == "approvers")
      require.approvers = TRY(read_words(value));
    else if (name == "evidence")
      require.evidence = TRY(read_flag(value));
    else if (name == "rings")
      require.rings = TRY(read_count(value, 1));
    else if (name == "holdback")
      require.holdback = TRY(read_count(value, 1));
    else if (name == "first_ring")
      require.first_ring = TRY(read_count(value, 1));
    else if (name == "at_once")
      require.at_once = TRY(read_count(value, 1));
    else if (name == "soak")
      require.soak = TRY(read_seconds(value));
    else if (name == "silence")
      require.silence = TRY(read_seconds(value));
    else if (name == "success_percent")
      require.success_percent = TRY(read_percent(value));
    else if (name == "loaded_percent")
      require.loaded_percent = TRY(read_percent(value));
    else if (name == "silent_percent")
      require.silent_percent = TRY(read_percent(value));
    else if (name == "failed_hosts")
      require.failed_hosts = TRY(read_count(value, 0));
    else
      return value.unknown(name);
    return {};
  });
  TRY(read);
  const auto by = static_cast<std::int64_t>(std::set(require.approvers.begin(), require.approvers.end()).size());
  if (by != 0 && by < require.approvals)
    return yaml.wrong("{} approvals cannot come from {} approvers", require.approvals, by);
  if (by != 0) require.approvals = std::max<std::int64_t>(require.approvals, 1);
  return require;
}

Result<std::chrono::minutes> read_clock(const Yaml& yaml) {
  const auto text = TRY(yaml.text());
  const auto is_digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  const bool has_form = text.size() == 5 && text[2] == ':' && is_digit(0) && is_digit(1) && is_digit(3) && is_digit(4);
  const auto number = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  if (!has_form || number(3) > 59 || number(0) * 60 + number(3) > 24 * 60)
    return yaml.wrong("'{}' is no time of a day: write \"09:00\", 24:00 at most", text);
  return std::chrono::minutes(number(0) * 60 + number(3));
}

Result<Window> read_window(const std::string& name, const Yaml& yaml) {
  Window window;
  window.name = name;
  bool has_from = false, has_to = false;
  const auto read = yaml.members([&](const std::string& member, const Yaml& value) -> Status {
    if (member == "days") {
      for (const auto& day : TRY(read_known_words(value, days)))
        window.days |= 1U << (std::ranges::find(days, day) - days.begin());
    } else if (member == "from") {
      window.from = TRY(read_clock(value));
      has_from = true;
    } else if (member == "to") {
      window.to = TRY(read_clock(value));
      has_to = true;
    } else if (member == "zone") {
      window.zone = TRY(read_word(value));
      if (const auto known = check_zone(window.zone); !known) return value.wrong("{}", known.error().message());
    } else {
      return value.unknown(member);
    }
    return {};
  });
  TRY(read);
  if (window.days == 0 || !has_from || !has_to || window.zone.empty())
    return yaml.wrong("a window needs days, from, to and zone");
  if (window.from == window.to) return yaml.wrong("a window that ends as it begins is no window");
  return window;
}

Result<Freeze> read_freeze(const Yaml& yaml) {
  Freeze freeze;
  std::string from, to, zone;
  const auto read = yaml.members([&](const std::string& name, const Yaml& value) -> Status {
    if (name == "name")
      freeze.name = TRY(read_word(value));
    else if (name == "from")
      from = TRY(read_word(value));
    else if (name == "to")
      to = TRY(read_word(value));
    else if (name == "zone")
      zone = TRY(read_word(value));
    else if (name == "hosts")
      freeze.hosts = TRY(read_hosts(value));
    else
      return value.unknown(name);
    return {};
  });
  TRY(read);
  if (freeze.name.empty() || from.empty() || to.empty() || zone.empty())
    return yaml.wrong("a freeze needs name, from, to and zone");
  for (const auto& [text, into] : {std::pair(&from, &freeze.from), std::pair(&to, &freeze.to)}) {
    const auto time = local_time(*text, zone);
    if (!time) return yaml.wrong("{}", time.error().message());
    *into = *time;
  }
  if (freeze.to <= freeze.from) return yaml.wrong("freeze '{}' ends before it begins", freeze.name);
  return freeze;
}

Result<PolicyException> read_exception(const Yaml& yaml) {
  PolicyException made;
  bool ends = false;
  const auto read = yaml.members([&](const std::string& name, const Yaml& value) -> Status {
    if (name == "name") {
      made.name = TRY(read_word(value));
    } else if (name == "owner") {
      made.owner = TRY(read_word(value));
    } else if (name == "reason") {
      made.reason = TRY(read_word(value));
    } else if (name == "lifts") {
      made.lifts = TRY(read_words(value));
    } else if (name == "hosts") {
      made.hosts = TRY(read_hosts(value));
    } else if (name == "until") {
      const auto text = TRY(value.text());
      const auto until = trust::tuf::parse_time(text);
      if (!until) return value.wrong("{}", until.error().message());
      made.until = *until;
      ends = true;
    } else {
      return value.unknown(name);
    }
    return {};
  });
  TRY(read);
  if (made.name.empty() || made.owner.empty() || made.reason.empty() || made.lifts.empty() || !ends)
    return yaml.wrong("an exception needs name, owner, reason, lifts and until");
  return made;
}

Result<PolicyRule> read_rule(const Yaml& yaml) {
  PolicyRule rule;
  const auto read = yaml.members([&](const std::string& name, const Yaml& value) -> Status {
    if (name == "name")
      rule.name = TRY(read_word(value));
    else if (name == "match")
      rule.match = TRY(read_match(value));
    else if (name == "deny")
      rule.deny = TRY(read_word(value));
    else if (name == "require")
      rule.require = TRY(read_requirement(value));
    else if (name == "windows")
      rule.windows = TRY(read_words(value));
    else
      return value.unknown(name);
    return {};
  });
  TRY(read);
  if (rule.name.empty()) return yaml.wrong("a rule needs a name");
  return rule;
}

Result<Emergency> read_emergency(const Yaml& yaml) {
  Emergency emergency;
  const auto read = yaml.members([&](const std::string& name, const Yaml& value) -> Status {
    if (name == "approvals")
      emergency.approvals = TRY(value.integer(1, 100));
    else if (name == "approvers")
      emergency.approvers = TRY(read_words(value));
    else
      return value.unknown(name);
    return {};
  });
  TRY(read);
  return emergency;
}

Result<Drills> read_drills(const Yaml& yaml) {
  Drills drills;
  const auto read = yaml.members([&](const std::string& name, const Yaml& value) -> Status {
    if (name == "every")
      drills.every = TRY(read_seconds(value));
    else if (name == "within")
      drills.within = TRY(read_seconds(value));
    else
      return value.unknown(name);
    return {};
  });
  TRY(read);
  if (drills.every.count() == 0 || drills.within.count() == 0) return yaml.wrong("drills need every and within");
  return drills;
}

/// A name that is meant is there, and once.
Status check_names(const Policy& policy, const Yaml& yaml) {
  std::set<std::string> names;
  const auto add = [&](const auto& list) -> Status {
    for (const auto& each : list)
      if (!names.insert(each.name).second) return yaml.wrong("'{}' is the name of two things", each.name);
    return {};
  };
  TRY(add(policy.rules));
  TRY(add(policy.windows));
  TRY(add(policy.freezes));
  for (const auto& rule : policy.rules)
    for (const auto& window : rule.windows)
      if (std::ranges::find(policy.windows, window, &Window::name) == policy.windows.end())
        return yaml.wrong("rule '{}': there is no window '{}'", rule.name, window);
  for (const auto& each : policy.exceptions)
    for (const auto& lifted : each.lifts)
      if (!names.contains(lifted))
        return yaml.wrong("exception '{}': there is no rule, window or freeze '{}'", each.name, lifted);
  return {};
}

template <typename T>
Status read_list(const Yaml& yaml, std::vector<T>& into, Result<T> (*read)(const Yaml&)) {
  return yaml.elements([&](const Yaml& each) -> Status {
    auto one = TRY(read(each));
    into.push_back(std::move(one));
    return {};
  });
}

Status read_member(Policy& policy, bool& has_version, const std::string& name, const Yaml& value) {
  if (name == "policy") {
    TRY(value.integer(1, 1));
    has_version = true;
    return {};
  }
  if (name == "rules") return read_list(value, policy.rules, read_rule);
  if (name == "freezes") return read_list(value, policy.freezes, read_freeze);
  if (name == "exceptions") return read_list(value, policy.exceptions, read_exception);
  if (name == "windows")
    return value.members([&](const std::string& window, const Yaml& members) -> Status {
      auto one = TRY(read_window(window, members));
      policy.windows.push_back(std::move(one));
      return {};
    });
  if (name == "deadlines")
    return value.members([&](const std::string& severity, const Yaml& time) -> Status {
      if (std::ranges::find(severities, severity) == severities.end()) return time.unknown(severity);
      policy.deadlines[severity] = TRY(read_seconds(time));
      return {};
    });
  if (name == "emergency") {
    policy.emergency = TRY(read_emergency(value));
    return {};
  }
  if (name == "drills") {
    policy.drills = TRY(read_drills(value));
    return {};
  }
  return value.unknown(name);
}

}  // namespace

Result<Policy> read_policy(std::string_view text, const std::string& name) {
  if (text.size() > longest_text) return fail("{}: is longer than {} bytes", name, longest_text);
  const auto yaml = TRY(Yaml::parse(text, name));
  Policy policy;
  bool has_version = false;
  TRY(yaml.members(
      [&](const std::string& member, const Yaml& value) { return read_member(policy, has_version, member, value); }));
  if (!has_version) return yaml.wrong("'policy: 1' is missing: the version of this language");
  TRY(check_names(policy, yaml));
  return policy;
}

}  // namespace suture::server
