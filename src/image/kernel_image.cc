#include "image/kernel_image.h"

#include <elf.h>

#include <algorithm>

#include "image/notes.h"
#include "image/vmlinuz.h"

namespace suture::image {
namespace {

constexpr std::uint32_t endbr64 = 0xfa1e0ff3;

ByteView content(ByteView elf, const LoadedSection& section) {
  return section.type == SHT_NOBITS ? ByteView{} : elf.subspan(section.offset, section.size);
}

Result<ByteView> section_called(ByteView elf, const std::vector<LoadedSection>& sections, std::string_view section,
                                std::string_view name) {
  for (const auto& candidate : sections)
    if (candidate.name == section) return content(elf, candidate);
  return fail("{}: has no section {}", name, section);
}

/// "Linux version RELEASE (BUILDER@HOST) (COMPILER) VERSION": what the second parentheses hold. They
/// nest: "(gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld …)". See init/version-timestamp.c.
std::string_view compiler_in(std::string_view banner) {
  const auto before = banner.find(") (");
  if (before == std::string_view::npos) return {};
  const auto text = banner.substr(before + 3);
  std::size_t open = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') ++open;
    if (text[i] == ')' && --open == 0) return text.substr(0, i);
  }
  return {};
}

}  // namespace

Result<KernelImage> KernelImage::open(const fs::path& vmlinuz) {
  const auto file = TRY(read_file(vmlinuz));
  return parse(TRY(unpack_vmlinuz(file, vmlinuz.string())), vmlinuz.string());
}

Result<KernelImage> KernelImage::parse(SharedBytes elf, std::string_view name) {
  auto sections = TRY(read_sections(elf.view(), name));
  const auto rodata = TRY(section_called(elf.view(), sections, ".rodata", name));
  auto symbols = TRY(Kallsyms::parse(rodata, fmt::format("{}: .rodata", name)));
  const auto types = section_called(elf.view(), sections, ".BTF", name);
  if (!types)
    return fail(Error(fmt::format("{}: has no type information (.BTF)", name))
                    .advise("the kernel must be built with CONFIG_DEBUG_INFO_BTF"));
  auto btf = TRY(Btf::parse(Bytes(types->begin(), types->end()), fmt::format("{}: .BTF", name)));

  KernelImage image(std::move(elf), std::string(name), std::move(sections), std::move(symbols), std::move(btf));
  TRY(image.read_ranges(), "{}", name);
  TRY(image.read_call_sites(), "{}", name);
  TRY(image.read_sealed(), "{}", name);
  TRY(image.read_identity(), "{}", name);
  return image;
}

const LoadedSection* KernelImage::section_at(std::uint64_t address) const {
  const auto found = std::find_if(sections_.begin(), sections_.end(),
                                  [&](const LoadedSection& section) { return section.holds(address, 1); });
  return found == sections_.end() ? nullptr : &*found;
}

Result<ByteView> KernelImage::bytes_at(std::uint64_t address, std::uint64_t length) const {
  for (const auto& section : sections_) {
    if (!section.holds(address, length)) continue;
    if (section.type == SHT_NOBITS)
      return fail("{}: has no bytes for {:#x}: it lies in {}, which is zeroed at boot", name_, address, section.name);
    return elf_.view().subspan(section.offset + (address - section.address), length);
  }
  return fail("{}: no section holds the {} bytes at {:#x}", name_, length, address);
}

Result<AddressRange> KernelImage::range(std::string_view begin, std::string_view end) const {
  const AddressRange range{TRY(symbols_.unique_address(begin)), TRY(symbols_.unique_address(end))};
  if (range.end < range.begin) return fail("'{}' lies after '{}'", begin, end);
  return range;
}

Status KernelImage::read_ranges() {
  text_ = TRY(range("_stext", "_etext"));
  init_ = TRY(range("__init_begin", "__init_end"));
  init_text_ = TRY(range("_sinittext", "_einittext"));
  noinstr_ = TRY(range("__noinstr_text_start", "__noinstr_text_end"));
  percpu_ = TRY(range("__per_cpu_start", "__per_cpu_end"));
  return {};
}

Status KernelImage::read_call_sites() {
  const auto table = TRY(range("__start_mcount_loc", "__stop_mcount_loc"));
  const auto bytes = TRY(bytes_at(table.begin, table.end - table.begin), "reading ftrace's table of call sites");
  for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8)
    if (const auto site = load_le<std::uint64_t>(bytes, at); site != 0) call_sites_.push_back(site);
  std::sort(call_sites_.begin(), call_sites_.end());
  return {};
}

// 32-bit pointers, each relative to itself.
Status KernelImage::read_sealed() {
  if (symbols_.named("__ibt_endbr_seal").empty()) return {};
  tracks_indirect_branches_ = true;
  const auto table = TRY(range("__ibt_endbr_seal", "__ibt_endbr_seal_end"));
  const auto bytes = TRY(bytes_at(table.begin, table.end - table.begin), "reading the list of sealed functions");
  for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4) {
    const auto distance = static_cast<std::uint64_t>(static_cast<std::int64_t>(load_le<std::int32_t>(bytes, at)));
    sealed_.push_back(table.begin + at + distance);
  }
  std::sort(sealed_.begin(), sealed_.end());
  return {};
}

bool KernelImage::is_indirect_target(std::uint64_t address) const {
  const auto first = bytes_at(address, sizeof endbr64);
  return first && load_le<std::uint32_t>(*first, 0) == endbr64 &&
         !std::binary_search(sealed_.begin(), sealed_.end(), address);
}

std::optional<std::uint64_t> KernelImage::fentry_site(std::uint64_t function) const {
  const auto listed = [&](std::uint64_t site) {
    return std::binary_search(call_sites_.begin(), call_sites_.end(), site);
  };
  if (listed(function)) return function;
  const auto first = bytes_at(function, 4);
  if (first && load_le<std::uint32_t>(*first, 0) == endbr64 && listed(function + 4)) return function + 4;
  return std::nullopt;
}

Status KernelImage::read_identity() {
  for (const auto& section : sections_) {
    if (section.type != SHT_NOTE) continue;
    if (auto id = build_id_in_notes(content(elf_.view(), section))) build_id_ = std::move(*id);
  }
  if (build_id_.empty()) return fail("has no GNU build-id");

  constexpr std::string_view start = "Linux version ";
  const auto address = TRY(symbols_.unique_address("linux_banner"));
  const auto* section = section_at(address);
  if (section == nullptr) return fail("'linux_banner' lies outside of the kernel, at {:#x}", address);
  const auto rest = TRY(bytes_at(address, section->address + section->size - address));
  std::string_view banner = TRY(Reader(rest, "linux_banner").string(0));
  banner = banner.substr(0, banner.find('\n'));
  if (!banner.starts_with(start)) return fail("'linux_banner' does not begin with '{}'", start);
  banner_ = banner;
  release_ = banner.substr(start.size(), banner.find(' ', start.size()) - start.size());
  compiler_ = compiler_in(banner);
  return {};
}

}  // namespace suture::image
