#include "patch/emit/modinfo.h"

#include <algorithm>

#include "base/digest.h"
#include "patch/emit/scaffold/suture_tables.h"

namespace suture::patch::emitter {
namespace {

constexpr std::string_view note_section = ".note.gnu.build-id";

class Modinfo {
 public:
  Status add(std::string_view key, std::string_view value) {
    const auto is_printable = [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != '\x7f'; };
    if (key.empty() || key.find('=') != std::string_view::npos || !std::all_of(key.begin(), key.end(), is_printable) ||
        !std::all_of(value.begin(), value.end(), is_printable)) {
      return fail("'{}={}' cannot be an entry of .modinfo: it must be one line of text", key, value);
    }
    content_.insert(content_.end(), key.begin(), key.end());
    content_.push_back('=');
    content_.insert(content_.end(), value.begin(), value.end());
    content_.push_back(0);
    return {};
  }
  const Bytes& content() const { return content_; }

 private:
  Bytes content_;
};

void append_version(Bytes& table, std::string_view name, std::uint32_t crc) {
  append_le<std::uint64_t>(table, crc);
  table.insert(table.end(), name.begin(), name.end());
  table.resize(align_up(table.size(), 64), 0);
}

}  // namespace

Status write_modinfo(Assembly& assembly, const EmitKernel& kernel, const EmitRequest& request,
                     const std::set<std::string>& exports, const std::vector<std::string>& objects) {
  std::set<std::string> namespaces;
  for (const auto& name : exports) {
    const auto* entry = kernel.symvers->find(name);
    if (entry != nullptr && !entry->ns.empty()) namespaces.insert(entry->ns);
  }
  Modinfo info;
  TRY(info.add("license", "GPL"));
  TRY(info.add("livepatch", "Y"));
  TRY(info.add("name", request.name));
  TRY(info.add("vermagic", request.vermagic));
  TRY(info.add("retpoline", "Y"));
  TRY(info.add("depends", ""));
  for (const auto& ns : namespaces) TRY(info.add("import_ns", ns));
  TRY(info.add("suture_objects", fmt::format("{}", fmt::join(objects, ","))));
  TRY(info.add("suture_kernel_build_id", to_hex(kernel.build_id)));
  for (const auto& cve : request.cves) TRY(info.add("cve", cve));
  for (const auto& [key, value] : request.modinfo) TRY(info.add(key, value));
  TRY(assembly.append({.section = ".modinfo"}, info.content()));
  return {};
}

Status write_versions(Assembly& assembly, const image::Symvers& symvers, const std::set<std::string>& exports) {
  Bytes table;
  const auto add = [&](const std::string& name) -> Status {
    const auto* entry = symvers.find(name);
    if (entry == nullptr)
      return fail(Error(fmt::format("Module.symvers does not list {}", name)).advise("add the kit anew"));
    append_version(table, name, entry->crc);
    return {};
  };
  TRY(add("module_layout"));
  for (const auto& name : exports) {
    if (name != "module_layout") TRY(add(name));
  }
  TRY(assembly.append({.section = "__versions", .alignment = 32}, table));
  return {};
}

Status write_build_id_note(Assembly& assembly) {
  constexpr std::string_view owner("GNU\0", 4);
  Bytes note;
  append_le<std::uint32_t>(note, owner.size());
  append_le<std::uint32_t>(note, SUTURE_BUILD_ID_SIZE);
  append_le<std::uint32_t>(note, NT_GNU_BUILD_ID);
  note.insert(note.end(), owner.begin(), owner.end());
  note.resize(note.size() + SUTURE_BUILD_ID_SIZE, 0);
  TRY(assembly.append({.section = std::string(note_section), .type = SHT_NOTE, .alignment = 4}, note));
  return {};
}

Result<Bytes> write_module(elf::Object module) {
  const auto draft = TRY(elf::write_object(module));
  const auto digest = TRY(from_hex(sha256_hex(draft)));
  auto& note = module.sections[module.find_section(note_section)].data;
  std::copy_n(digest.begin(), SUTURE_BUILD_ID_SIZE, note.end() - SUTURE_BUILD_ID_SIZE);
  return elf::write_object(module);
}

}  // namespace suture::patch::emitter
