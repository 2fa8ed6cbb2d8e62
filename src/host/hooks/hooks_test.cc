#include "host/hooks/hooks.h"

#include <gtest/gtest.h>

#include <boost/describe/enum_to_string.hpp>

#include "host/hooks/btf_names.h"
#include "host/testing/tree.h"

namespace suture::host {
namespace {

using testing::Tree;

// As 6.1 and 6.12 print it.
constexpr auto hooked = R"(== /sys/kernel/debug/kprobes/list
ffffffff8133a5a0  k  tcp_ack+0x0    [DISABLED][FTRACE]
ffffffff8133a5b2  k  tcp_ack+0x12    [OPTIMIZED]
ffffffffc0a3a5b2  r  nf_hook+0x0  nf_conntrack [FTRACE]
ffffffff8133a6b2  k  tcp_gone+0x12    [GONE]
== /sys/kernel/tracing/kprobe_events
p:kprobes/ack tcp_ack
p:kprobes/inside tcp_ack+18 x=%ax
r8:group/back nf_conntrack:nf_hook
p:kprobes/address 0xffffffff81000000
== /sys/kernel/tracing/enabled_functions
tcp_ack (2)          	->arch_ftrace_ops_list_func+0x0/0x1e0
nf_hook [nf_conntrack] (1) R     	tramp: 0xffffffffc0a00000 (kprobe_ftrace_handler+0x0/0x1c0) ->kprobe_ftrace_handler+0x0/0x1c0
cmdline_proc_show (1) R I     	tramp: 0xffffffffc0a01000 (klp_ftrace_handler+0x0/0x1c0) ->klp_ftrace_handler+0x0/0x1c0
foreign_fix (1) R I     	tramp: 0xffffffffc0a02000 (other_handler+0x0/0x1c0) ->other_handler+0x0/0x1c0
do_unlinkat (1) R   D  	tramp: 0xffffffffc0a03000 (call_direct_funcs+0x0/0x50) ->call_direct_funcs+0x0/0x50
	direct-->bpf_trampoline_6442493837+0x0/0x1000
== /sys/kernel/livepatch/fix/enabled
1
== /sys/kernel/livepatch/fix/transition
0
== /sys/kernel/livepatch/fix/vmlinux/patched
1
== directory /sys/kernel/livepatch/fix/vmlinux/cmdline_proc_show,1
)";

std::vector<std::string> texts(const Hooks& hooks) {
  std::vector<std::string> texts;
  for (const auto& hook : hooks.found)
    texts.push_back(fmt::format("{} {} {}:{} {}", boost::describe::enum_to_string(hook.kind, "?"),
                                boost::describe::enum_to_string(hook.effect, "?"), hook.module, hook.function,
                                hook.detail));
  return texts;
}

Known<std::vector<BpfAttachment>> programs(std::vector<BpfAttachment> attachments) { return attachments; }

TEST(Hooks, EachIsFoundWithWhatALivePatchMeansForIt) {
  const auto tree = Tree::of(hooked);
  const auto bpf = programs({{"fmod_ret", 12, "guard", "vmlinux", "do_unlinkat"}});
  const auto hooks = find_hooks(tree.root(), {}, bpf);
  EXPECT_EQ(texts(hooks),
            (std::vector<std::string>{
                "kprobe shared vmlinux:tcp_ack at tcp_ack+0x0, through ftrace, for kprobes/ack",
                "kprobe silenced vmlinux:tcp_ack at tcp_ack+0x12, inside the function, for kprobes/inside",
                "kretprobe shared nf_conntrack:nf_hook at nf_hook+0x0, through ftrace, for group/back",
                "tracer shared vmlinux:tcp_ack arch_ftrace_ops_list_func+0x0/0x1e0",
                "tracer shared nf_conntrack:nf_hook kprobe_ftrace_handler+0x0/0x1c0",
                "redirected refused vmlinux:foreign_fix other_handler+0x0/0x1c0",
                "direct shared vmlinux:do_unlinkat bpf_trampoline_6442493837+0x0/0x1000",
                "bpf shared vmlinux:do_unlinkat fmod_ret by BPF program guard (id 12)",
            }));
  EXPECT_TRUE(hooks.unknown.empty());
}

TEST(Hooks, OnlyTheNamedFunctionsCount) {
  const auto tree = Tree::of(hooked);
  const auto hooks = find_hooks(tree.root(), {"do_unlinkat", "nothing"}, programs({}));
  EXPECT_EQ(texts(hooks),
            (std::vector<std::string>{"direct shared vmlinux:do_unlinkat bpf_trampoline_6442493837+0x0/0x1000"}));
}

TEST(Hooks, WhatCannotBeLookedAtIsUnknown) {
  const auto tree = Tree::of("== directory /sys/kernel/tracing\n");
  const auto hooks = find_hooks(tree.root(), {"tcp_ack"}, programs({{"fentry", 3, "lost", "gone", ""}}));
  EXPECT_TRUE(hooks.found.empty());
  EXPECT_EQ(hooks.unknown.size(), 4U);
}

// A header, types and strings, as the kernel writes them.
Bytes btf(const std::vector<std::uint32_t>& types, std::string_view strings) {
  Bytes out;
  append_le<std::uint16_t>(out, 0xeb9f);
  append_le<std::uint16_t>(out, 1);
  const auto size = static_cast<std::uint32_t>(types.size() * 4);
  for (const auto word : {24U, 0U, size, size, static_cast<std::uint32_t>(strings.size())}) append_le(out, word);
  for (const auto word : types) append_le(out, word);
  out.insert(out.end(), strings.begin(), strings.end());
  return out;
}

TEST(BtfNames, AModulesNumbersAndStringsGoOnWhereTheKernelsEnd) {
  // int; a prototype with one parameter; a function.
  const auto kernel =
      btf({1, 1U << 24, 4, 32, 0, 13U << 24 | 1, 0, 0, 1, 5, 12U << 24, 2}, std::string_view("\0int\0fork\0", 10));
  const auto names = read_btf_names(kernel, "vmlinux", {1, 3, 9});
  ASSERT_TRUE(names) << names.error().describe();
  EXPECT_EQ(names->names, (std::map<std::uint32_t, std::string>{{1, "int"}, {3, "fork"}}));
  EXPECT_EQ(names->next_id, 4U);

  const auto module = btf({11, 12U << 24, 2}, std::string_view("\0hook\0", 6));
  const auto of_module = read_btf_names(module, "nf", {4}, names->next_id, kernel);
  ASSERT_TRUE(of_module) << of_module.error().describe();
  EXPECT_EQ(of_module->names, (std::map<std::uint32_t, std::string>{{4, "hook"}}));
}

TEST(BtfNames, DamageIsAnError) {
  EXPECT_FALSE(read_btf_names(as_bytes("no BTF, but some text that is long enough"), "x", {1}));
  const auto whole = btf({1, 31U << 24, 4}, std::string_view("\0int\0", 5));
  EXPECT_FALSE(read_btf_names(whole, "x", {1}));
  const auto good = btf({1, 1U << 24, 4, 32}, std::string_view("\0int\0", 5));
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(read_btf_names(ByteView(good).first(size), "x", {1})) << size;
}

}  // namespace
}  // namespace suture::host
