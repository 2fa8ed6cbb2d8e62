#include "host/hooks/bpf.h"

#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <optional>
#include <set>

#include "base/fd.h"
#include "host/hooks/btf_names.h"

namespace suture::host {
namespace {

long bpf(bpf_cmd command, bpf_attr& attributes) { return ::syscall(SYS_bpf, command, &attributes, sizeof attributes); }

Fd open_by_id(bpf_cmd command, std::uint32_t id) {
  bpf_attr attributes{};
  attributes.link_id = id;  // the same place as prog_id and btf_id
  return Fd(static_cast<int>(bpf(command, attributes)));
}

template <typename Info>
bool get_info(const Fd& fd, Info& info) {
  bpf_attr attributes{};
  attributes.info.bpf_fd = static_cast<std::uint32_t>(fd.get());
  attributes.info.info_len = sizeof info;
  attributes.info.info = reinterpret_cast<std::uint64_t>(&info);
  return fd && bpf(BPF_OBJ_GET_INFO_BY_FD, attributes) == 0;
}

// include/uapi/linux/bpf.h, enum bpf_attach_type: BPF_TRACE_FENTRY and so on.
std::optional<std::string> how_attached(std::uint32_t type) {
  switch (type) {
    case BPF_TRACE_FENTRY:
      return "fentry";
    case BPF_TRACE_FEXIT:
      return "fexit";
    case BPF_MODIFY_RETURN:
      return "fmod_ret";
    case BPF_LSM_MAC:
      return "lsm";
    default:
      return std::nullopt;
  }
}

struct Program {
  std::string name;
  std::uint32_t target_object = 0;  // the BTF that its target is in; 0 if that is a BPF program
};

// A program that was attached to another no longer has that one's BTF (kernel/bpf/syscall.c,
// bpf_tracing_prog_attach() and bpf_prog_get_info_by_fd(), 6.1); a link's target_obj_id alone may be either.
Program read_program(std::uint32_t id) {
  bpf_prog_info info{};
  if (!get_info(open_by_id(BPF_PROG_GET_FD_BY_ID, id), info)) return {};
  return {{info.name, ::strnlen(info.name, sizeof info.name)}, info.attach_btf_obj_id};
}

// The name of a BTF object of the kernel: "vmlinux", or a module's.
std::string btf_object_name(std::uint32_t id) {
  std::array<char, 64> name{};
  bpf_btf_info info{};
  info.name = reinterpret_cast<std::uint64_t>(name.data());
  info.name_len = name.size();
  if (!get_info(open_by_id(BPF_BTF_GET_FD_BY_ID, id), info)) return "";
  return {name.data(), ::strnlen(name.data(), name.size())};
}

using TypesByObject = std::map<std::string, std::set<std::uint32_t>>;
using NamesByObject = std::map<std::string, std::map<std::uint32_t, std::string>>;

// An object whose BTF cannot be read has no names; what is attached there is still told.
NamesByObject names_of(const Root& root, const TypesByObject& wanted) {
  NamesByObject names;
  const auto kernel = root.text("/sys/kernel/btf/vmlinux", std::size_t{64} << 20);
  if (!kernel) return names;
  static const std::set<std::uint32_t> none;
  const auto of_kernel = wanted.find("vmlinux");
  auto base = read_btf_names(as_bytes(*kernel), "vmlinux", of_kernel == wanted.end() ? none : of_kernel->second);
  if (!base) return names;
  names["vmlinux"] = std::move(base->names);
  for (const auto& [object, types] : wanted) {
    if (object == "vmlinux" || object.empty()) continue;
    const auto text = root.text("/sys/kernel/btf/" + object, std::size_t{64} << 20);
    if (!text) continue;
    auto found = read_btf_names(as_bytes(*text), object, types, base->next_id, as_bytes(*kernel));
    if (found) names[object] = std::move(found->names);
  }
  return names;
}

}  // namespace

Known<std::vector<BpfAttachment>> bpf_attachments(const Root& root) {
  std::vector<BpfAttachment> attachments;
  std::vector<std::uint32_t> types;
  TypesByObject wanted;
  for (std::uint32_t id = 0;;) {
    bpf_attr attributes{};
    attributes.start_id = id;
    if (bpf(BPF_LINK_GET_NEXT_ID, attributes) != 0) {
      if (errno == ENOENT) break;
      return fail("bpf(2): cannot list links: {}", std::strerror(errno));
    }
    id = attributes.next_id;
    bpf_link_info info{};
    // One that has just gone is no obstacle.
    if (!get_info(open_by_id(BPF_LINK_GET_FD_BY_ID, id), info) || info.type != BPF_LINK_TYPE_TRACING) continue;
    const auto how = how_attached(info.tracing.attach_type);
    if (!how) continue;
    auto program = read_program(info.prog_id);
    if (program.target_object != info.tracing.target_obj_id) continue;
    BpfAttachment attachment;
    attachment.how = *how;
    attachment.program_id = info.prog_id;
    attachment.program = std::move(program.name);
    attachment.object = btf_object_name(info.tracing.target_obj_id);
    wanted[attachment.object].insert(info.tracing.target_btf_id);
    types.push_back(info.tracing.target_btf_id);
    attachments.push_back(std::move(attachment));
  }
  if (attachments.empty()) return attachments;
  const auto names = names_of(root, wanted);
  for (std::size_t i = 0; i < attachments.size(); ++i) {
    const auto object = names.find(attachments[i].object);
    if (object == names.end()) continue;
    const auto name = object->second.find(types[i]);
    if (name != object->second.end()) attachments[i].function = name->second;
  }
  return attachments;
}

}  // namespace suture::host
