#include "lab/verdict.h"

#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "base/digest.h"

namespace suture::lab {
namespace {

// A live patch of vmlinux and of 8021q that went well, which each test then spoils.
class Verdict : public ::testing::Test {
 protected:
  Verdict() {
    patch_.patch = {.name = "fix", .release = "6.1.0-53-amd64", .objects = {"8021q", "vmlinux"}, .file = {}};
    patch_.targets = {"8021q"};
    patch_.late = {"garp", "8021q"};
    patch_.before = Script{};
    patch_.after = Script{};

    baseline_.run = PatchRun{.ended = true, .clean = true};
    baseline_.run.steps = {{"insert garp"}, {"insert 8021q"}, {"before (baseline)"}};
    patched_.run = PatchRun{.ended = true, .clean = true, .taint_after = 45056};
    patched_.run.steps = {{"load fix"},         {"insert garp"},     {"insert 8021q"},      {"after (patched)"},
                          {"disable fix"},      {"unload fix"},      {"before (reverted)"}, {"before (before)"},
                          {"load fix"},         {"after (patched)"}, {"disable fix"},       {"unload fix"},
                          {"before (reverted)"}};
    patched_.run.objects = {{"vmlinux", true, true}, {"8021q", true, true}};
    patched_.log = parse_log(
        "<4>[    5.0] fix: loading out-of-tree module taints kernel.\n"
        "<5>[    5.1] livepatch: 'fix': starting patching transition\n"
        "<5>[    5.2] livepatch: 'fix': patching complete\n"
        "<5>[    5.3] livepatch: applying patch 'fix' to loading module '8021q'\n");
  }

  Proof judged() {
    Baseline log;
    log.add(baseline_.log);
    return judge(patch_, baseline_, patched_, log);
  }
  void expect_failure(std::string_view part) {
    const auto proof = judged();
    EXPECT_EQ(proof.outcome, "failed");
    const auto all = fmt::format("{}", fmt::join(proof.failures, "\n"));
    EXPECT_NE(all.find(part), std::string::npos) << all;
  }
  Step& step(std::string_view name, Witness& in) {
    for (auto& one : in.run.steps) {
      if (one.name == name) return one;
    }
    ADD_FAILURE() << name;
    return in.run.steps.front();
  }
  void spoil(std::string_view name, int status, std::string said, Witness& in) {
    step(name, in).status = status;
    step(name, in).said = std::move(said);
  }

  GuestPatch patch_;
  Witness baseline_, patched_;
};

TEST_F(Verdict, ProvenWhenAllWentWell) {
  const auto proof = judged();
  EXPECT_EQ(proof.outcome, "proven") << fmt::format("{}", fmt::join(proof.failures, "\n"));
  ASSERT_EQ(proof.objects.size(), 2U);
  EXPECT_EQ(proof.objects[0].state, "live");
  EXPECT_EQ(proof.objects[1].state, "live");
  ASSERT_EQ(proof.transitions.size(), 1U);
  EXPECT_EQ(proof.transitions[0].milliseconds, 100);
  EXPECT_EQ(proof.steps.size(), 16U);
  EXPECT_EQ(proof.console, "");
}

TEST_F(Verdict, AModuleThatFindsNoHardwareIsResolvedOnly) {
  const std::string said = "insmod: can't insert '/lib/modules/x/8021q.ko': No such device\n";
  spoil("insert 8021q", 1, said, baseline_);
  spoil("insert 8021q", 1, said, patched_);
  patched_.run.objects[1] = {"8021q", false, false};
  const auto proof = judged();
  EXPECT_EQ(proof.outcome, "proven");
  EXPECT_EQ(proof.objects[0].state, "resolved");
  EXPECT_NE(proof.objects[0].detail.find("No such device"), std::string::npos);
}

TEST_F(Verdict, AModuleThatTheKernelNeverPatchedIsNotLoaded) {
  spoil("insert 8021q", 1, "Unknown symbol\n", baseline_);
  spoil("insert 8021q", 1, "Unknown symbol\n", patched_);
  patched_.run.objects[1] = {"8021q", false, false};
  patched_.log.pop_back();
  EXPECT_EQ(judged().objects[0].state, "not loaded");
}

TEST_F(Verdict, AModuleOfAnotherKernelIsNotLoaded) {
  patch_.targets.clear();
  patched_.run.objects.pop_back();
  std::erase_if(patched_.run.steps, [](const Step& one) { return one.name == "insert 8021q"; });
  patched_.log.pop_back();
  EXPECT_EQ(judged().objects[0].state, "not loaded");
  EXPECT_NE(judged().objects[0].detail.find("ships no module"), std::string::npos);
}

TEST_F(Verdict, FailsWhenAModuleIsRefusedOnlyWithTheLivePatch) {
  spoil("insert 8021q", 1, "insmod: can't insert: Exec format error\n", patched_);
  expect_failure("'insert 8021q' fails only with the live patch: insmod: can't insert: Exec format error");
}

TEST_F(Verdict, FailsWhenAModuleIsRefusedForAnotherReasonThanWithout) {
  spoil("insert 8021q", 1, "No such device\n", baseline_);
  spoil("insert 8021q", 1, "Exec format error\n", patched_);
  expect_failure("fails only with the live patch");
}

TEST_F(Verdict, FailsWhenALoadedObjectIsNotPatched) {
  patched_.run.objects[1].patched = false;
  expect_failure("object 8021q is loaded, but its functions were not redirected");
}

TEST_F(Verdict, FailsWhenAScriptFails) {
  spoil("after (patched)", 1, "expected 5\ngot 4\n", patched_);
  expect_failure("'after (patched)' failed with status 1: got 4");
}

TEST_F(Verdict, FailsWhenBeforeDoesNotHoldOnTheUnpatchedKernel) {
  spoil("before (baseline)", 1, "not as the author thinks\n", baseline_);
  expect_failure("'before (baseline)' fails without the live patch: not as the author thinks");
}

TEST_F(Verdict, FailsOnUnexpectedTaintAndSaysWhatItMeans) {
  patched_.run.taint_after |= 1U << 9 | 1ULL << 40;
  expect_failure("W: the kernel issued a warning; bit 40");
}

TEST_F(Verdict, TaintThatTheBaselineOrAnEarlierLivePatchLeftIsNotBlamed) {
  baseline_.run.taint_after = 1U << 9;
  patched_.run.taint_before = 1U << 10;
  patched_.run.taint_after |= 1U << 9 | 1U << 10;
  EXPECT_EQ(judged().outcome, "proven");
}

TEST_F(Verdict, FailsOnALogLineThatOnlyThePatchedKernelHas) {
  patched_.log.push_back({4, 5.5, "fix: something odd at 00000000deadbeef"});
  expect_failure("1 lines that complain");
  baseline_.log.push_back({4, 9.5, "fix: something odd at 0000000012345678"});
  EXPECT_EQ(judged().outcome, "proven");
}

TEST_F(Verdict, ADeadKernelFailsWithItsLastWords) {
  patched_.run.ended = false;
  patched_.run.steps.resize(4);
  patched_.run.in_flight = "disable fix";
  patched_.run.taint_after = 0;
  patched_.log = console_since(
      "[    1.0] BUG: of an earlier live patch\r\n[    4.0] suture: patch 0 begins\r\n"
      "[    5.0] BUG: unable to handle page fault for address: ffffffffc0000000\r\n"
      "[    5.1] Kernel panic - not syncing: Fatal exception\r\n",
      0);
  const auto proof = judged();
  EXPECT_EQ(proof.outcome, "failed");
  EXPECT_EQ(proof.failures.front(), "the patched kernel died during 'disable fix'");
  EXPECT_EQ(proof.oops,
            "BUG: unable to handle page fault for address: ffffffffc0000000\n"
            "Kernel panic - not syncing: Fatal exception\n");
}

TEST_F(Verdict, AHungKernelFails) {
  patched_.run.ended = false;
  patched_.run.in_flight = "after (patched)";
  patched_.hung = true;
  expect_failure("the patched kernel hung during 'after (patched)'");
}

TEST_F(Verdict, ABaselineThatDiesProvesNothing) {
  baseline_.run.ended = false;
  baseline_.run.in_flight = "insert 8021q";
  expect_failure("the baseline kernel died during 'insert 8021q'");
}

TEST_F(Verdict, AGuestThatClaimsToBeDoneWithoutTheStepsProvesNothing) {
  patched_.run.steps.resize(7);
  expect_failure("'load fix' was carried out 1 times, 2 were expected");
}

TEST_F(Verdict, AReplacedLivePatchMustHaveBeenSeenToGo) {
  patch_.over = LivePatch{.name = "old", .release = "6.1.0-53-amd64", .objects = {"vmlinux"}, .file = {}};
  expect_failure("'replace old' was carried out 0 times");
}

TEST_F(Verdict, AProofIsOfTheseVeryFiles) {
  patch_.patch.file = {1};
  patch_.over = LivePatch{.name = "old", .release = "6.1.0-53-amd64", .objects = {"vmlinux"}, .file = {2}};
  EXPECT_EQ(judged().digest, sha256_hex(patch_.patch.file));
  EXPECT_EQ(judged().over_digest, sha256_hex(patch_.over->file));
}

TEST_F(Verdict, JsonHasTheMembersOfTheProof) {
  const auto text = to_json(judged());
  EXPECT_NE(text.find("\"outcome\": \"proven\""), std::string::npos);
  EXPECT_NE(text.find("\"milliseconds\": 100"), std::string::npos);
}

}  // namespace
}  // namespace suture::lab
