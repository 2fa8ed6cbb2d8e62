// Readers on what stock kernels had in the VM: in the middle of a transition, with a task that blocks it.
#include <gtest/gtest.h>

#include "host/health/reading.h"
#include "host/hooks/hooks.h"
#include "host/inventory/inventory.h"
#include "host/livepatch/blocking.h"
#include "host/testing/tree.h"

namespace suture::host {
namespace {

using testing::Tree;

struct Recorded {
  const char* tree;
  const char* release;
  const char* build_id;
  bool tells_replace;
};

class RecordedHost : public ::testing::TestWithParam<Recorded> {
 protected:
  Tree tree = Tree::recorded(GetParam().tree);
  Root root = tree.root();
};

TEST_P(RecordedHost, KernelIsKnown) {
  const auto kernel = read_kernel(root);
  EXPECT_EQ(kernel.release.value_or(""), GetParam().release);
  EXPECT_EQ(kernel.build_id.value_or(""), GetParam().build_id);
  EXPECT_TRUE(kernel.version && kernel.version->starts_with("#1 SMP PREEMPT_DYNAMIC Debian "));
  EXPECT_EQ(taint_letters(*kernel.taint), "OEK");
  EXPECT_TRUE(kernel.lockdown.is("none"));
  EXPECT_EQ(kernel_parameter(*kernel.command_line, "panic"), "-1");
}

TEST_P(RecordedHost, BothLivePatchesAreThereAndOneIsInTransition) {
  const auto patches = live_patches(root);
  ASSERT_TRUE(patches) << patches.error().describe();
  ASSERT_EQ(patches->size(), 2U);
  EXPECT_EQ((*patches)[0].name, "both");
  EXPECT_TRUE((*patches)[0].enabled && !(*patches)[0].transition);
  EXPECT_EQ((*patches)[1].name, "sleeping");
  EXPECT_TRUE((*patches)[1].enabled && (*patches)[1].transition);
  EXPECT_EQ(static_cast<bool>((*patches)[1].replaces), GetParam().tells_replace);
  TransitionWatch replaced("both", Goal::unpatched, Instant{}, std::chrono::seconds(60));
  EXPECT_EQ(replaced.step(root, Instant{}).value(), Phase::moving);
}

TEST_P(RecordedHost, SleeperBlocksTheTransition) {
  const auto blocking = blocking_tasks(root, Goal::patched);
  ASSERT_TRUE(blocking) << blocking.error().describe();
  ASSERT_EQ(blocking->tasks.size(), 1U);
  EXPECT_EQ(blocking->tasks[0].name, "sleep");
  EXPECT_TRUE(blocking->tasks[0].kernel_thread.is(false));
  ASSERT_TRUE(blocking->tasks[0].stack);
  EXPECT_TRUE(blocking->tasks[0].stack->front().starts_with("hrtimer_nanosleep+0x"));
}

TEST_P(RecordedHost, HooksOfLivepatchItselfAreNotCounted) {
  EXPECT_TRUE(find_hooks(root, {"hrtimer_nanosleep"}, std::vector<BpfAttachment>()).found.empty());
  fs::remove_all(root.path("/sys/kernel/livepatch"));
  const auto foreign = find_hooks(root, {"hrtimer_nanosleep"}, std::vector<BpfAttachment>());
  ASSERT_EQ(foreign.found.size(), 1U);
  EXPECT_EQ(foreign.found[0].effect, HookEffect::refused);
}

TEST_P(RecordedHost, ReadingLacksOnlyWhatTheKernelDoesNotHave) {
  const auto reading = take_reading(root, Instant{});
  ASSERT_EQ(reading.unreadable.size(), 1U);
  EXPECT_EQ(reading.unreadable[0].what, "/proc/sys/kernel/hung_task_detect_count");
  EXPECT_EQ(reading.oopses, 0U);
  EXPECT_EQ(reading.cpus, 2U);
  EXPECT_TRUE(reading.memory_available_kb && reading.kernel_stack_kb && reading.tcp_timeouts && reading.io_full_us);
}

TEST_P(RecordedHost, InventoryNamesWhoTaintedAndSaysWhatItDoesNotKnow) {
  const auto inventory = read_inventory(root);
  EXPECT_EQ(inventory.tainted_by, (std::vector<std::string>{"both (OEK)", "sleeping (OEK)"}));
  EXPECT_TRUE(inventory.virtual_machine.is("qemu"));
  EXPECT_FALSE(inventory.distribution);
  EXPECT_NE(inventory.packages.why().find("/var/lib/dpkg/status"), std::string::npos);
  // Without /proc/kallsyms nobody can say whose they are; that is no reason to think that they are ours.
  EXPECT_EQ(inventory.foreign.found.size(), 2U);
  EXPECT_EQ(inventory.foreign.unknown.size(), 2U);
  EXPECT_TRUE(search_foreign(root, {"both", "sleeping"}).found.empty());
  const auto json = to_json(inventory);
  EXPECT_NE(json.find(R"("secure_boot": false)"), std::string::npos);
  EXPECT_NE(json.find(R"("unknown": "/usr/lib/os-release)"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Debian, RecordedHost,
                         ::testing::Values(Recorded{"debian-6.1", "6.1.0-53-amd64",
                                                    "1cd19df5660b03d8ce9a5941ce9fb364548b953a", false},
                                           Recorded{"debian-6.12", "6.12.117+deb12-amd64",
                                                    "764949bbe8b7a9241512fbf3b0d66d0ba34686a8", true}),
                         [](const auto& one) { return one.index == 0 ? "Linux6_1" : "Linux6_12"; });

}  // namespace
}  // namespace suture::host
