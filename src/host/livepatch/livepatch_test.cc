#include <gtest/gtest.h>

#include "host/livepatch/blocking.h"
#include "host/livepatch/live_patches.h"
#include "host/livepatch/transition.h"
#include "host/testing/tree.h"

namespace suture::host {
namespace {

using testing::Tree;
using namespace std::chrono_literals;

constexpr auto one_patch = R"(== /sys/kernel/livepatch/fix/enabled
1
== /sys/kernel/livepatch/fix/transition
1
== /sys/kernel/livepatch/fix/vmlinux/patched
1
== directory /sys/kernel/livepatch/fix/vmlinux/prctl_set_auxv,1
== /sys/kernel/livepatch/fix/minix/patched
0
== directory /sys/kernel/livepatch/fix/minix/minix_fill_super,2
)";

TEST(LivePatches, AreListedWithObjectsAndFunctions) {
  const auto tree = Tree::of(one_patch);
  const auto patches = live_patches(tree.root());
  ASSERT_TRUE(patches) << patches.error().describe();
  ASSERT_EQ(patches->size(), 1U);
  const auto& patch = patches->front();
  EXPECT_EQ(patch.name, "fix");
  EXPECT_TRUE(patch.enabled && patch.transition);
  EXPECT_FALSE(patch.replaces);
  ASSERT_EQ(patch.objects.size(), 2U);
  EXPECT_EQ(patch.objects[0].name, "minix");
  EXPECT_TRUE(patch.objects[0].patched.is(false));
  EXPECT_EQ(patch.objects[0].functions.at(0).name, "minix_fill_super");
  EXPECT_EQ(patch.objects[0].functions.at(0).position, 2U);
}

TEST(LivePatches, AKernelWithoutLivePatchingIsAnErrorThatSaysSo) {
  const auto patches = live_patches(Tree::of("== directory /sys/kernel\n").root());
  ASSERT_FALSE(patches);
  EXPECT_NE(patches.error().describe().find("CONFIG_LIVEPATCH"), std::string::npos);
}

TEST(LivePatches, ANameCannotLeaveTheDirectory) {
  const auto tree = Tree::of(one_patch);
  EXPECT_FALSE(live_patch(tree.root(), "../livepatch/fix"));
  EXPECT_FALSE(disable(tree.root(), "fix/../fix"));
  EXPECT_FALSE(has_live_patch(tree.root(), "."));
}

TEST(TransitionWatch, ReachesPatchedWhenTheTransitionIsOver) {
  auto tree = Tree::of(one_patch);
  const Instant begin{};
  TransitionWatch watch("fix", Goal::patched, begin, 60s);
  EXPECT_EQ(watch.step(tree.root(), begin).value(), Phase::moving);
  EXPECT_EQ(watch.next(), begin + 10ms);
  EXPECT_EQ(watch.step(tree.root(), begin + 59s).value(), Phase::moving);
  EXPECT_EQ(watch.next(), begin + 60s);
  EXPECT_EQ(watch.step(tree.root(), begin + 60s).value(), Phase::stalled);
  tree.set("/sys/kernel/livepatch/fix/transition", "0\n");
  EXPECT_EQ(watch.step(tree.root(), begin + 61s).value(), Phase::reached);
}

TEST(TransitionWatch, SeesThatSomebodyTurnedItBack) {
  auto tree = Tree::of(one_patch);
  TransitionWatch watch("fix", Goal::patched, Instant{}, 60s);
  tree.set("/sys/kernel/livepatch/fix/enabled", "0\n");
  EXPECT_EQ(watch.step(tree.root(), Instant{}).value(), Phase::turned);
  tree.remove("/sys/kernel/livepatch/fix");
  EXPECT_EQ(watch.step(tree.root(), Instant{}).value(), Phase::turned);
}

TEST(TransitionWatch, ReachesUnpatchedWhenTheLivePatchHasLeft) {
  auto tree = Tree::of(one_patch);
  TransitionWatch watch("fix", Goal::unpatched, Instant{}, 60s);
  EXPECT_EQ(watch.step(tree.root(), Instant{}).value(), Phase::turned);
  tree.set("/sys/kernel/livepatch/fix/enabled", "0\n");
  EXPECT_EQ(watch.step(tree.root(), Instant{}).value(), Phase::moving);
  tree.remove("/sys/kernel/livepatch/fix");
  EXPECT_EQ(watch.step(tree.root(), Instant{}).value(), Phase::reached);
}

TEST(TransitionWatch, ASysfsThatIsGoneIsNoSuccess) {
  auto tree = Tree::of(one_patch);
  TransitionWatch watch("fix", Goal::unpatched, Instant{}, 60s);
  tree.remove("/sys/kernel/livepatch");
  EXPECT_FALSE(watch.step(tree.root(), Instant{}));
}

TEST(BlockingTasks, AreThreadsThatStayedBehindWithTheirStacks) {
  const auto tree = Tree::of(R"(== /proc/7/task/7/patch_state
1
== /proc/7/task/9/patch_state
0
== /proc/7/task/9/comm
a)b	c
== /proc/7/task/9/stat
9 (a)b	c) S 1 7 7 0 -1 4194560 0
== /proc/7/task/9/stack
[<0>] hrtimer_nanosleep+0xb1/0x190
[<0>] do_syscall_64+0x5b/0xc0
== /proc/12/task/12/patch_state
0
== /proc/12/task/12/stat
12 (kworker/0:1) I 2 0 0 0 -1 69238880 0
== /proc/13/task/13/patch_state
-1
== /proc/uptime
1 1
)");
  const auto blocking = blocking_tasks(tree.root(), Goal::patched);
  ASSERT_TRUE(blocking) << blocking.error().describe();
  EXPECT_EQ(blocking->count, 2U);
  EXPECT_EQ(blocking->unreadable, 0U);
  const auto& first = blocking->tasks.at(0);
  EXPECT_EQ(first.process, 7);
  EXPECT_EQ(first.thread, 9);
  EXPECT_EQ(first.name, "a)b?c");
  EXPECT_TRUE(first.kernel_thread.is(false));
  ASSERT_TRUE(first.stack);
  EXPECT_EQ(first.stack->at(0), "hrtimer_nanosleep+0xb1/0x190");
  const auto& second = blocking->tasks.at(1);
  EXPECT_TRUE(second.kernel_thread.is(true));
  EXPECT_FALSE(second.stack);
  EXPECT_EQ(blocking_tasks(tree.root(), Goal::unpatched)->tasks.at(0).thread, 7);
}

TEST(BlockingTasks, OfMoreThanAreAskedForTheLowestThreadsAreNamed) {
  // In /proc, 10 may come before 9.
  const auto tree = Tree::of(R"(== /proc/10/task/10/patch_state
0
== /proc/10/task/11/patch_state
0
== /proc/9/task/9/patch_state
0
== /proc/9/task/12/patch_state
0
)");
  const auto blocking = blocking_tasks(tree.root(), Goal::patched, 2);
  ASSERT_TRUE(blocking) << blocking.error().describe();
  EXPECT_EQ(blocking->count, 4U);
  ASSERT_EQ(blocking->tasks.size(), 2U);
  EXPECT_EQ(blocking->tasks[0].thread, 9);
  EXPECT_EQ(blocking->tasks[1].thread, 10);
}

}  // namespace
}  // namespace suture::host
