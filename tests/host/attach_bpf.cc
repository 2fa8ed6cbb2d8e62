#include "attach_bpf.h"

#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <numeric>
#include <vector>

#include "host/hooks/btf_names.h"

namespace suture {

Result<Fd> attach_bpf(const host::Root& root, const std::string& function) {
  const auto btf = TRY(root.text("/sys/kernel/btf/vmlinux", std::size_t{64} << 20));
  std::vector<std::uint32_t> ids(400'000);
  std::iota(ids.begin(), ids.end(), 1);
  const auto names = TRY(host::read_btf_names(as_bytes(btf), "vmlinux", {ids.begin(), ids.end()}));
  for (const auto& [id, name] : names.names) {
    if (name != function) continue;
    const bpf_insn program[] = {{BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0}, {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}};
    bpf_attr load{};
    load.prog_type = BPF_PROG_TYPE_TRACING;
    load.expected_attach_type = BPF_TRACE_FENTRY;
    load.insn_cnt = 2;
    load.insns = reinterpret_cast<std::uint64_t>(program);
    load.license = reinterpret_cast<std::uint64_t>("GPL");
    load.attach_btf_id = id;
    std::strcpy(load.prog_name, "watcher");
    const Fd loaded(static_cast<int>(::syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof load)));
    if (!loaded) continue;  // a type of the same name
    bpf_attr attach{};
    attach.raw_tracepoint.prog_fd = static_cast<std::uint32_t>(loaded.get());
    Fd link(static_cast<int>(::syscall(SYS_bpf, BPF_RAW_TRACEPOINT_OPEN, &attach, sizeof attach)));
    if (link) return link;
  }
  return fail("cannot attach to {}: {}", function, std::strerror(errno));
}

}  // namespace suture
