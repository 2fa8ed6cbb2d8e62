#include "lab/verdict.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "base/digest.h"
#include "lab/qemu.h"

namespace suture::lab {
namespace {

constexpr std::size_t rounds = 2;  // guest.sh
constexpr std::size_t most_log_lines = 200;

// Documentation/admin-guide/tainted-kernels.rst; kernel/panic.c, taint_flags.
constexpr std::array<std::string_view, 19> taint_meanings = {
    "P: a proprietary module was loaded",
    "F: a module was loaded by force",
    "S: this processor is out of specification",
    "R: a module was unloaded by force",
    "M: a machine check was reported",
    "B: a bad page was found",
    "U: requested from user space",
    "D: the kernel died (oops or BUG)",
    "A: an ACPI table was overridden",
    "W: the kernel issued a warning",
    "C: a staging driver was loaded",
    "I: a firmware bug was worked around",
    "O: an out-of-tree module was loaded",
    "E: an unsigned module was loaded",
    "L: a CPU was locked up",
    "K: a live patch was loaded",
    "X: auxiliary, defined by distributions",
    "T: built with structure randomisation",
    "N: a test module was loaded",
};
// Every live patch that was not made with the kernel sets these.
constexpr std::uint64_t taint_of_a_live_patch = 1U << 12 | 1U << 13 | 1U << 15;

const Step* find_step(const PatchRun& run, std::string_view name) {
  const auto found =
      std::find_if(run.steps.begin(), run.steps.end(), [&](const Step& step) { return step.name == name; });
  return found == run.steps.end() ? nullptr : &*found;
}

std::string one_line(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  return std::string(text.substr(text.rfind('\n') + 1));
}

class Judge {
 public:
  Judge(const GuestPatch& patch, const Witness& baseline, const Witness& patched, const Baseline& baseline_log)
      : patch_(patch), baseline_(baseline), patched_(patched), baseline_log_(baseline_log) {}

  Proof judge() {
    proof_.live_patch = patch_.patch.name;
    proof_.digest = sha256_hex(patch_.patch.file);
    if (patch_.over) {
      proof_.over = patch_.over->name;
      proof_.over_digest = sha256_hex(patch_.over->file);
    }
    proof_.blocking = patched_.run.blocking;
    note_steps("baseline", baseline_.run);
    note_steps("patched", patched_.run);
    for (const auto& transition : transitions(patched_.log))
      proof_.transitions.push_back({transition.patch, transition.direction, transition.milliseconds});

    judge_survival("baseline", baseline_);
    judge_survival("patched", patched_);
    judge_baseline_steps();
    judge_patched_steps();
    judge_objects();
    judge_taint();
    judge_log();
    proof_.outcome = proof_.failures.empty() ? "proven" : "failed";
    if (!proof_.proven()) proof_.console = patched_.console;
    return std::move(proof_);
  }

 private:
  template <typename... Args>
  void fails(fmt::format_string<Args...> format, Args&&... args) {
    proof_.failures.push_back(fmt::format(format, std::forward<Args>(args)...));
  }

  void note_steps(std::string_view boot, const PatchRun& run) {
    for (const auto& step : run.steps)
      proof_.steps.push_back(
          {std::string(boot), step.name, step.status == 0, std::round((step.end - step.begin) * 100) / 100, step.said});
  }

  void judge_survival(std::string_view boot, const Witness& witness) {
    if (witness.run.ended) return;
    const auto& at = witness.run.in_flight;
    if (!witness.damage.empty()) fails("the report of the {} guest is damaged {}", boot, witness.damage);
    fails("the {} kernel {} {}", boot, witness.hung ? "hung" : "died",
          at.empty() ? "between two steps" : fmt::format("during '{}'", at));
    auto report = crash_report(witness.log);
    if (proof_.oops.empty()) proof_.oops = std::move(report);
  }

  void judge_baseline_steps() {
    for (const auto& step : baseline_.run.steps) {
      if (step.status != 0 && !is_insertion(step))
        fails("'{}' fails without the live patch: {}", step.name, one_line(step.said));
    }
    if (baseline_.run.ended) expect(baseline_.run, "before (baseline)", patch_.before ? 1 : 0);
  }

  void judge_patched_steps() {
    for (const auto& step : patched_.run.steps) {
      if (step.status == 0) continue;
      if (!is_insertion(step)) {
        fails("'{}' failed with status {}: {}", step.name, step.status, one_line(step.said));
      } else if (!fails_alike(step)) {
        fails("'{}' fails only with the live patch: {}", step.name, one_line(step.said));
      }
    }
    // A guest that says it is done without having done it proves nothing.
    if (!patched_.run.ended || !proof_.failures.empty()) return;
    for (const auto* verb : {"load", "disable", "unload"})
      expect(patched_.run, fmt::format("{} {}", verb, patch_.patch.name), rounds);
    if (patch_.over) expect(patched_.run, fmt::format("replace {}", patch_.over->name), rounds);
    expect(patched_.run, "after (patched)", patch_.after ? rounds : 0);
    expect(patched_.run, "before (reverted)", patch_.before ? rounds : 0);
  }

  void expect(const PatchRun& run, std::string_view name, std::size_t times) {
    const auto done = static_cast<std::size_t>(
        std::count_if(run.steps.begin(), run.steps.end(), [&](const Step& step) { return step.name == name; }));
    if (done < times) fails("'{}' was carried out {} times, {} were expected", name, done, times);
  }

  static bool is_insertion(const Step& step) { return step.name.starts_with("insert "); }
  bool fails_alike(const Step& step) const {
    const auto* without = find_step(baseline_.run, step.name);
    return without != nullptr && without->status != 0 && normalised(without->said) == normalised(step.said);
  }

  void judge_objects() {
    std::set<std::string> names(patch_.patch.objects.begin(), patch_.patch.objects.end());
    for (const auto& seen : patched_.run.objects) names.insert(seen.name);
    for (const auto& name : names) proof_.objects.push_back(object(name));
  }

  ProofObject object(const std::string& name) {
    const auto& seen = patched_.run.objects;
    const auto found = std::find_if(seen.begin(), seen.end(), [&](const ObjectSeen& one) { return one.name == name; });
    if (found != seen.end() && found->loaded) {
      if (!found->patched) fails("object {} is loaded, but its functions were not redirected", name);
      return {name, found->patched ? "live" : "not patched", ""};
    }
    const auto* inserted = find_step(patched_.run, "insert " + name);
    const auto said = inserted == nullptr ? std::string() : one_line(inserted->said);
    const auto applied = fmt::format("livepatch: applying patch '{}' to loading module '{}'", patch_.patch.name, name);
    const bool resolved = std::any_of(patched_.log.begin(), patched_.log.end(),
                                      [&](const LogLine& line) { return line.text == applied; });
    if (resolved) return {name, "resolved", said};
    if (inserted != nullptr) return {name, "not loaded", said};
    if (name != "vmlinux" && std::find(patch_.targets.begin(), patch_.targets.end(), name) == patch_.targets.end())
      return {name, "not loaded", "this kernel ships no module of this name"};
    return {name, "not loaded", "the guest did not come to it"};
  }

  void judge_taint() {
    proof_.taint.baseline = baseline_.run.taint_after;
    proof_.taint.patched = patched_.run.taint_after;
    const auto allowed = baseline_.run.taint_after | patched_.run.taint_before | taint_of_a_live_patch;
    const auto unexpected = patched_.run.taint_after & ~allowed;
    for (unsigned bit = 0; bit < 64; ++bit) {
      if ((unexpected >> bit & 1) == 0) continue;
      proof_.taint.unexpected.push_back(bit < taint_meanings.size() ? std::string(taint_meanings[bit])
                                                                    : fmt::format("bit {}", bit));
    }
    if (!proof_.taint.unexpected.empty()) fails("the kernel is tainted: {}", fmt::join(proof_.taint.unexpected, "; "));
  }

  void judge_log() {
    std::vector<std::string> live_patches{patch_.patch.name};
    if (patch_.over) live_patches.push_back(patch_.over->name);
    const auto complaints = new_complaints(patched_.log, baseline_log_, live_patches);
    for (const auto& line : complaints) {
      if (proof_.new_log.size() == most_log_lines) break;
      proof_.new_log.push_back(line.text);
    }
    if (!complaints.empty())
      fails("the kernel log has {} lines that complain and that the baseline's does not have, first: {}",
            complaints.size(), complaints.front().text);
  }

  const GuestPatch& patch_;
  const Witness& baseline_;
  const Witness& patched_;
  const Baseline& baseline_log_;
  Proof proof_;
};

}  // namespace

std::vector<LogLine> console_since(std::string_view console, std::size_t patch) {
  const auto mark = console.rfind(fmt::format("suture: patch {} begins", patch));
  if (mark != std::string_view::npos) console.remove_prefix(mark);
  return parse_log(console);
}

Proof judge(const GuestPatch& patch, const Witness& baseline, const Witness& patched, const Baseline& baseline_log) {
  return Judge(patch, baseline, patched, baseline_log).judge();
}

}  // namespace suture::lab
