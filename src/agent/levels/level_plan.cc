#include "agent/levels/level_plan.h"

#include <charconv>

#include "trust/level/words.h"

namespace suture::agent {
namespace {

std::string way(const trust::Manifest& manifest, std::uint32_t from, std::uint32_t to) {
  for (const auto& edge : manifest.edges)
    if (edge.from == from && edge.to == to) return edge.by;
  return "reboot";
}

std::string joined(const trust::Manifest& manifest) {
  std::string names;
  for (const auto& object : manifest.objects)
    for (const auto& function : object.functions) names += (names.empty() ? "" : " ") + function.name;
  return names;
}

// "vmlinux=BUILD-ID nf_tables=BUILD-ID"
std::string objects_of(const trust::Manifest& manifest) {
  std::string objects;
  for (const auto& object : manifest.objects)
    objects += (objects.empty() ? "" : " ") + object.name + "=" + object.build_id;
  return objects;
}

StepSpec step(const LevelFile& to, const LevelFile& from, std::string back) {
  StepSpec spec{"livepatch", {{"to", to.name}, {"from", from.name}, {"back", std::move(back)}}};
  if (to.name != "none") {
    spec.parameters["file"] = to.file;
    spec.parameters["sha256"] = to.sha256;
    spec.parameters["level"] = std::to_string(to.level);
  }
  if (from.name != "none") {
    spec.parameters["from_file"] = from.file;
    spec.parameters["from_sha256"] = from.sha256;
  }
  return spec;
}

/// The level that the plan puts in force on this kernel.
std::optional<LevelFile> level_of(const Plan& plan, std::string_view kernel) {
  if (plan.kernel != kernel) return std::nullopt;
  for (auto spec = plan.steps.rbegin(); spec != plan.steps.rend(); ++spec) {
    const auto& parameters = spec->parameters;
    const auto level = parameters.find("level");
    if (spec->kind != "livepatch" || level == parameters.end()) continue;
    LevelFile file{0, parameters.at("to"), parameters.at("file"), parameters.at("sha256")};
    std::from_chars(level->second.data(), level->second.data() + level->second.size(), file.level);
    return file;
  }
  return std::nullopt;
}

}  // namespace

std::string subject_of_level(std::string_view release, std::uint32_t level) {
  return fmt::format("{} level {}", release, level);
}

std::optional<LevelFile> level_in_force(const History& history, std::string_view kernel) {
  for (auto plan = history.plans.rbegin(); plan != history.plans.rend(); ++plan)
    if (auto level = level_of(plan->plan, kernel)) return level;
  return std::nullopt;
}

Result<std::size_t> plans_up_to(const History& history, std::string_view kernel, std::uint32_t level) {
  for (auto stay = history.plans.size();; --stay) {
    const History below{.plans = {history.plans.begin(), history.plans.begin() + static_cast<std::ptrdiff_t>(stay)}};
    const auto now = level_in_force(below, kernel);
    if ((now ? now->level : 0) == level) return stay;
    if (!now || now->level < level) return fail("level {} is not below what is in force here", level);
    if (!level_of(below.plans.back().plan, kernel))
      return fail("{} came after level {}, and is taken back first", below.plans.back().plan.subject, now->level);
  }
}

Result<Plan> plan_for_level(const trust::Manifest& to, const LevelFile& file, const std::optional<LevelFile>& from,
                            std::string id) {
  const LevelFile nothing{0, "none", "", ""};
  const auto& earlier = from ? *from : nothing;
  const auto subject = subject_of_level(to.release, to.level);
  if (earlier.level == to.level) return fail("{} is in force already", subject);
  const auto forward = way(to, earlier.level, to.level);
  const auto back = way(to, to.level, earlier.level);
  if (forward == "reboot" || !trust::is_one_of(forward, trust::edge_kinds))
    return fail(Error(fmt::format("no way from level {} to level {} was proven but a reboot", earlier.level, to.level))
                    .advise("go back to no live patch first: suture-agent revert --all"));
  Plan plan{.id = std::move(id), .subject = subject, .kernel = to.build_id};
  if (!from) {
    plan.steps.push_back(step(file, nothing, back == "reboot" ? "reboot" : "disable"));
  } else if (forward == "replace") {
    plan.steps.push_back(step(file, earlier, back));
  } else {
    const bool returns = back != "reboot";
    plan.steps.push_back(step(nothing, earlier, returns ? "load" : "reboot"));
    plan.steps.push_back(step(file, nothing, returns ? "disable" : "reboot"));
  }
  plan.steps.back().parameters["functions"] = joined(to);
  plan.steps.back().parameters["objects"] = objects_of(to);
  return plan;
}

}  // namespace suture::agent
