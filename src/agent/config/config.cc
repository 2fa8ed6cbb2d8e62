#include "agent/config/config.h"

#include "host/health/reading.h"
#include "host/module/taint.h"
#include "yaml/yaml.h"

namespace suture::agent {
namespace {

Status set(Milliseconds& into, const Yaml& yaml) {
  into = Milliseconds(TRY(yaml.milliseconds()));
  return {};
}
Status set(std::string& into, const Yaml& yaml) {
  into = TRY(yaml.text());
  return {};
}
Status set_path(std::string& into, const Yaml& yaml) {
  auto path = TRY(yaml.text());
  if (!path.starts_with('/')) return yaml.wrong("'{}' is no path from the root", path);
  into = std::move(path);
  return {};
}

Status read_repository(Config& config, const Yaml& yaml) {
  return yaml.members([&](const std::string& name, const Yaml& value) -> Status {
    if (name == "source") return set(config.source, value);
    if (name == "root") return set_path(config.first_root, value);
    if (name == "check") return set(config.check, value);
    if (name == "user") return set(config.fetch.user, value);
    if (name == "proxy") return set(config.fetch.proxy, value);
    if (name == "ca-file") return set(config.fetch.ca_file, value);
    return value.unknown(name);
  });
}

/// One of two words: whether it is the second.
Result<bool> is_second(const Yaml& value, std::string_view first, std::string_view second) {
  const auto word = TRY(value.text());
  if (word != first && word != second) return value.wrong("'{}': {} or {} was expected", word, first, second);
  return word == second;
}

Status read_fleet(Config& config, const Yaml& yaml) {
  return yaml.members([&](const std::string& name, const Yaml& value) -> Status {
    if (name == "report") return set(config.report, value);
    if (name == "reboot") {
      config.may_reboot = TRY(is_second(value, "no", "yes"));
      return {};
    }
    if (name == "upgrade") {
      config.may_upgrade = TRY(is_second(value, "no", "yes"));
      return {};
    }
    return value.unknown(name);
  });
}

Status read_automatic(Config& config, const Yaml& yaml) {
  const auto word = TRY(yaml.text());
  if (word == "nothing") {
    config.automatic = Automatic::nothing;
  } else if (word == "security") {
    config.automatic = Automatic::security;
  } else if (word == "everything") {
    config.automatic = Automatic::everything;
  } else {
    return yaml.wrong("'{}': what is applied by itself is nothing, security or everything", word);
  }
  return {};
}

Status read_transition(Config& config, const Yaml& yaml) {
  return yaml.members([&](const std::string& name, const Yaml& value) -> Status {
    if (name == "patience") return set(config.policy.transition, value);
    if (name == "undo-patience") return set(config.policy.undo_transition, value);
    return value.unknown(name);
  });
}

// "P", "OE": letters of taint flags, as in the kernel's messages.
Status read_taint(Config& config, const Yaml& yaml) {
  const auto letters = TRY(yaml.text());
  for (const auto letter : letters) {
    std::uint64_t found = 0;
    for (unsigned bit = 0; bit < 64; ++bit)
      if (host::taint_letters(std::uint64_t{1} << bit) == std::string(1, letter)) found = std::uint64_t{1} << bit;
    if (found == 0) return yaml.wrong("'{}' is no taint flag", letter);
    config.refuse_taint |= found;
  }
  return {};
}

Result<Probe> read_probe(const Yaml& yaml) {
  Probe probe;
  auto read = yaml.members([&](const std::string& name, const Yaml& value) -> Status {
    if (name == "name") return set(probe.name, value);
    if (name == "timeout") return set(probe.patience, value);
    if (name != "http" && name != "tcp" && name != "unit" && name != "command") return value.unknown(name);
    if (!probe.kind.empty()) return value.wrong("a probe is one of http, tcp, unit and command, not two");
    probe.kind = name;
    if (name != "command") return set(probe.target, value);
    return value.elements([&](const Yaml& word) -> Status {
      probe.argv.push_back(TRY(word.text()));
      return {};
    });
  });
  if (!read) return fail(std::move(read).error());
  if (probe.name.empty()) return yaml.wrong("a probe needs a name");
  if (probe.kind.empty() || (probe.kind == "command" && probe.argv.empty()))
    return yaml.wrong("probe {} needs one of http, tcp, unit and command", probe.name);
  return probe;
}

Status read_probes(std::vector<Probe>& into, const Yaml& yaml) {
  return yaml.elements([&](const Yaml& element) -> Status {
    auto probe = TRY(read_probe(element));
    into.push_back(std::move(probe));
    return {};
  });
}

Status read_health(Config& config, const Yaml& yaml) {
  auto& health = config.health;
  return yaml.members([&](const std::string& name, const Yaml& value) -> Status {
    if (name == "interval") return set(health.interval, value);
    if (name == "soak") return set(health.soak, value);
    if (name == "watch") return set(health.watch, value);
    if (name == "watch-interval") return set(health.watch_interval, value);
    if (name == "undecided-after") return set(config.policy.undecided, value);
    if (name == "probes") return read_probes(health.probes, value);
    if (name == "samples") {
      health.samples = static_cast<std::size_t>(TRY(value.integer(3, 1000)));
      return {};
    }
    if (name == "when-undecided") {
      config.policy.hold_when_undecided = TRY(is_second(value, "revert", "hold"));
      return {};
    }
    if (name == "after-oops") {
      config.policy.revert_after_oops = TRY(is_second(value, "hold", "revert"));
      return {};
    }
    if (name == "minimum-load") {
      return value.members([&](const std::string& metric, const Yaml& least) -> Status {
        const auto known = host::metric_of(metric);
        if (!known || host::metric_meaning(*known) != host::Meaning::load)
          return least.wrong("'{}' is no metric of load", metric);
        health.minimum_load[metric] = TRY(least.number());
        return {};
      });
    }
    return value.unknown(name);
  });
}

Status read_preflight(Config& config, const Yaml& yaml) {
  return yaml.members([&](const std::string& name, const Yaml& value) -> Status {
    if (name == "refuse-taint") return read_taint(config, value);
    if (name == "checks") return read_probes(config.checks, value);
    if (name == "silenced-probes") {
      config.refuse_silenced_probes = TRY(is_second(value, "note", "refuse"));
      return {};
    }
    if (name == "free-mib") {
      config.least_free_bytes = static_cast<std::uint64_t>(TRY(value.integer(0, 1 << 20))) << 20;
      return {};
    }
    return value.unknown(name);
  });
}

// - sysctl: {name: kernel.x, value: "1"}
Result<StepSpec> read_step(const Yaml& yaml, const StepMaker& make_step) {
  StepSpec step;
  auto read = yaml.members([&](const std::string& kind, const Yaml& parameters) -> Status {
    if (!step.kind.empty()) return parameters.wrong("a step has one kind; '{}' begins another", kind);
    step.kind = kind;
    return parameters.members([&](const std::string& name, const Yaml& value) -> Status {
      step.parameters[name] = TRY(value.text());
      return {};
    });
  });
  if (!read) return fail(std::move(read).error());
  if (const auto made = make_step(step); !made) return yaml.wrong("{}", made.error().describe());
  return step;
}

Status read_plans(Config& config, const Yaml& yaml, const StepMaker& make_step) {
  return yaml.members([&](const std::string& name, const Yaml& steps) -> Status {
    auto& plan = config.plans[name];
    auto read = steps.elements([&](const Yaml& element) -> Status {
      auto step = TRY(read_step(element, make_step));
      plan.push_back(std::move(step));
      return {};
    });
    if (!read) return read;
    if (plan.empty()) return steps.wrong("plan {} has no steps", name);
    return {};
  });
}

}  // namespace

Result<Config> read_config(std::string_view text, const std::string& name, const StepMaker& make_step) {
  const auto yaml = TRY(Yaml::parse(text, name));
  Config config;
  auto read = yaml.members([&](const std::string& member, const Yaml& value) -> Status {
    if (member == "state") return set_path(config.state, value);
    if (member == "run") return set_path(config.run, value);
    if (member == "repository") return read_repository(config, value);
    if (member == "fleet") return read_fleet(config, value);
    if (member == "apply") return read_automatic(config, value);
    if (member == "transition") return read_transition(config, value);
    if (member == "health") return read_health(config, value);
    if (member == "preflight") return read_preflight(config, value);
    if (member == "textfile") return set_path(config.textfile, value);
    if (member == "plans") return read_plans(config, value, make_step);
    return value.unknown(member);
  });
  if (!read) return fail(std::move(read).error());
  return config;
}

}  // namespace suture::agent
