#include "check/module_file.h"

#include <gelf.h>
#include <libelf.h>

#include <algorithm>
#include <array>
#include <memory>

namespace suture::check {
namespace {

using Elf_ = std::unique_ptr<Elf, decltype(&elf_end)>;

constexpr std::array<std::string_view, 13> descriptive = {
    ".orc_unwind_ip", "__mcount_loc",     ".return_sites",     ".retpoline_sites", ".call_sites",
    ".smp_locks",     ".altinstructions", ".parainstructions", "__jump_table",     ".static_call_sites",
    "__bug_table",    "__ex_table",       ".ibt_endbr_seal"};

}  // namespace

bool describes_code(std::string_view section) {
  return std::find(descriptive.begin(), descriptive.end(), section) != descriptive.end();
}

class ModuleFileReader {
 public:
  ModuleFileReader(ByteView file, std::string_view name)
      : file_(file), elf_(nullptr, elf_end), module_(std::string(name)) {}

  Result<ModuleFile> read() {
    TRY(open());
    TRY(read_sections());
    TRY(read_symbols());
    for (std::uint32_t i = 1; i < module_.sections_.size(); ++i)
      if (module_.sections_[i].type == SHT_RELA) TRY(read_relocations(i));
    for (auto& section : module_.sections_)
      std::stable_sort(section.relocations.begin(), section.relocations.end(),
                       [](const Relocation& a, const Relocation& b) { return a.offset < b.offset; });
    index_functions();
    return std::move(module_);
  }

 private:
  const std::string& name() const { return module_.name_; }

  tl::unexpected<Error> broken(std::string_view what) const {
    const char* reason = elf_errmsg(-1);
    return fail("{}: {}: {} (truncated or corrupt)", name(), what, reason != nullptr ? reason : "cannot be read");
  }

  Status open() {
    elf_version(EV_CURRENT);
    // libelf takes a pointer to char, but does not write through it unless asked to update.
    elf_.reset(elf_memory(const_cast<char*>(as_text(file_).data()), file_.size()));
    if (!elf_ || elf_kind(elf_.get()) != ELF_K_ELF) return fail("{}: is not an ELF file", name());
    GElf_Ehdr header;
    if (gelf_getehdr(elf_.get(), &header) == nullptr) return broken("ELF header");
    if (gelf_getclass(elf_.get()) != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
        header.e_machine != EM_X86_64)
      return fail("{}: is not for x86-64 (class {}, machine {})", name(), header.e_ident[EI_CLASS], header.e_machine);
    if (header.e_type != ET_REL)
      return fail("{}: is not a kernel module: its ELF type is {}, not {} (relocatable)", name(), header.e_type,
                  ET_REL);
    return {};
  }

  Status read_sections() {
    std::size_t count = 0;
    std::size_t names = 0;
    if (elf_getshdrnum(elf_.get(), &count) != 0 || elf_getshdrstrndx(elf_.get(), &names) != 0)
      return broken("section headers");
    if (count == 0 || count >= SHN_LORESERVE) return fail("{}: has {} sections", name(), count);
    module_.sections_.resize(count);
    for (std::uint32_t i = 1; i < count; ++i) {
      Elf_Scn* scn = elf_getscn(elf_.get(), i);
      GElf_Shdr header;
      if (scn == nullptr || gelf_getshdr(scn, &header) == nullptr) return broken(fmt::format("section {}", i));
      const char* text = elf_strptr(elf_.get(), names, header.sh_name);
      if (text == nullptr) return broken(fmt::format("name of section {}", i));
      auto& section = module_.sections_[i];
      section = Section{.name = text,
                        .index = i,
                        .type = header.sh_type,
                        .flags = header.sh_flags,
                        .size = header.sh_size,
                        .alignment = header.sh_addralign,
                        .link = header.sh_link,
                        .info = header.sh_info,
                        .data = {},
                        .relocations = {}};
      if (header.sh_type == SHT_NOBITS || header.sh_size == 0) continue;
      if (header.sh_offset > file_.size() || header.sh_size > file_.size() - header.sh_offset)
        return fail("{}: section {} ({}) lies outside the file (truncated or corrupt)", name(), i, section.name);
      section.data = file_.subspan(header.sh_offset, header.sh_size);
    }
    return {};
  }

  Status read_symbols() {
    const auto table = std::find_if(module_.sections_.begin(), module_.sections_.end(),
                                    [](const Section& section) { return section.type == SHT_SYMTAB; });
    if (table == module_.sections_.end()) return fail("{}: has no symbol table", name());
    module_.symbol_table_ = table->index;
    Elf_Data* data = elf_getdata(elf_getscn(elf_.get(), table->index), nullptr);
    if (data == nullptr) return broken("symbol table");
    const std::size_t count = table->size / sizeof(Elf64_Sym);
    module_.symbols_.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      GElf_Sym raw;
      if (gelf_getsym(data, static_cast<int>(i), &raw) == nullptr) return broken(fmt::format("symbol {}", i));
      const char* text = elf_strptr(elf_.get(), table->link, raw.st_name);
      if (text == nullptr) return broken(fmt::format("name of symbol {}", i));
      if (raw.st_shndx < SHN_LORESERVE && raw.st_shndx >= module_.sections_.size())
        return fail("{}: symbol {} ({}) is in section {}, which does not exist", name(), i, text, raw.st_shndx);
      constexpr std::string_view nameless = ".L.";
      const bool is_nameless = std::string_view(text).starts_with(nameless);
      module_.symbols_.push_back({.name = is_nameless ? text + nameless.size() : text,
                                  .value = raw.st_value,
                                  .size = raw.st_size,
                                  .section = raw.st_shndx,
                                  .bind = static_cast<std::uint8_t>(GELF_ST_BIND(raw.st_info)),
                                  .type = static_cast<std::uint8_t>(GELF_ST_TYPE(raw.st_info)),
                                  .is_nameless = is_nameless});
    }
    if (module_.symbols_.empty()) return fail("{}: has an empty symbol table", name());
    return {};
  }

  Status read_relocations(std::uint32_t index) {
    const Section& from = module_.sections_[index];
    if (from.info == 0 || from.info >= module_.sections_.size())
      return fail("{}: {} relocates section {}, which does not exist", name(), from.name, from.info);
    if (from.size == 0) return {};
    auto& into = module_.sections_[from.info].relocations;
    Elf_Data* data = elf_getdata(elf_getscn(elf_.get(), index), nullptr);
    if (data == nullptr) return broken(from.name);
    const std::size_t count = from.size / sizeof(Elf64_Rela);
    into.reserve(into.size() + count);
    for (std::size_t i = 0; i < count; ++i) {
      GElf_Rela raw;
      if (gelf_getrela(data, static_cast<int>(i), &raw) == nullptr)
        return broken(fmt::format("{}, relocation {}", from.name, i));
      const auto symbol = static_cast<std::uint32_t>(GELF_R_SYM(raw.r_info));
      if (symbol >= module_.symbols_.size())
        return fail("{}: {}, relocation {} refers to symbol {}, which does not exist", name(), from.name, i, symbol);
      into.push_back({.offset = raw.r_offset,
                      .type = static_cast<std::uint32_t>(GELF_R_TYPE(raw.r_info)),
                      .symbol = symbol,
                      .addend = raw.r_addend,
                      .from = index});
    }
    return {};
  }

  void index_functions() {
    auto& functions = module_.functions_;
    const auto& symbols = module_.symbols_;
    for (std::uint32_t i = 0; i < symbols.size(); ++i)
      if (symbols[i].is_function() && symbols[i].is_defined() && symbols[i].size != 0) functions.push_back(i);
    std::stable_sort(functions.begin(), functions.end(), [&](std::uint32_t a, std::uint32_t b) {
      return Place{symbols[a].section, symbols[a].value} < Place{symbols[b].section, symbols[b].value};
    });
  }

  ByteView file_;
  Elf_ elf_;
  ModuleFile module_;
};

Result<ModuleFile> ModuleFile::parse(ByteView file, std::string_view name) {
  return ModuleFileReader(file, name).read();
}

const Section* ModuleFile::find(std::string_view name) const {
  const auto found = std::find_if(sections_.begin(), sections_.end(), [&](const Section& section) {
    return section.name == name && section.is_allocated();
  });
  return found != sections_.end() ? &*found : nullptr;
}

std::optional<std::uint64_t> width_of(std::uint32_t type) {
  switch (type) {
    case R_X86_64_NONE:
      return 0;
    case R_X86_64_64:
    case R_X86_64_PC64:
      return 8;
    case R_X86_64_32:
    case R_X86_64_32S:
    case R_X86_64_PC32:
    case R_X86_64_PLT32:
      return 4;
    default:
      return std::nullopt;
  }
}

const Symbol* ModuleFile::find_symbol(std::string_view name) const {
  const Symbol* found = nullptr;
  for (const auto& symbol : symbols_) {
    if (symbol.name != name || !symbol.is_defined()) continue;
    if (symbol.bind != STB_LOCAL) return &symbol;
    if (found == nullptr) found = &symbol;
  }
  return found;
}

const Relocation* ModuleFile::relocation_at(Place place) const {
  const auto found = relocations_in(place, 1);
  return found.empty() ? nullptr : &found.front();
}

std::span<const Relocation> ModuleFile::relocations_in(Place place, std::uint64_t size) const {
  const auto& all = sections_[place.section].relocations;
  const auto from = [&](std::uint64_t wanted) {
    return std::lower_bound(all.begin(), all.end(), wanted,
                            [](const Relocation& each, std::uint64_t offset) { return each.offset < offset; });
  };
  const auto begin = from(place.offset);
  const auto end = size > UINT64_MAX - place.offset ? all.end() : from(place.offset + size);
  return {begin, end};
}

std::optional<Place> ModuleFile::target(const Relocation& relocation) const {
  const auto& symbol = symbols_[relocation.symbol];
  if (!symbol.is_defined()) return std::nullopt;
  return Place{symbol.section, symbol.value + static_cast<std::uint64_t>(relocation.addend)};
}

const Symbol* ModuleFile::function_covering(Place place) const {
  auto after =
      std::upper_bound(functions_.begin(), functions_.end(), place, [&](const Place& wanted, std::uint32_t index) {
        return wanted < Place{symbols_[index].section, symbols_[index].value};
      });
  if (after == functions_.begin()) return nullptr;
  const auto& last = symbols_[*--after];
  if (last.section != place.section || place.offset - last.value >= last.size) return nullptr;
  while (after != functions_.begin()) {  // the first of aliases
    const auto& alias = symbols_[*(after - 1)];
    if (alias.section != last.section || alias.value != last.value) break;
    --after;
  }
  return &symbols_[*after];
}

const Symbol* ModuleFile::function_at(Place place) const {
  const Symbol* found = function_covering(place);
  return found != nullptr && found->value == place.offset ? found : nullptr;
}

std::uint64_t ModuleFile::reach(Place place) const {
  auto end = section(place.section).size;
  for (const auto& each : symbols_)
    if (each.section == place.section && each.value > place.offset && !each.name.empty() && !each.is_nameless)
      end = std::min(end, each.value);
  return end - place.offset;
}

bool ModuleFile::is_padding(const Symbol& function) const {
  constexpr std::string_view prefix = "__pfx_";
  if (!function.is_defined() || !function.name.starts_with(prefix)) return false;
  const auto* padded = function_at({function.section, function.value + function.size});
  return padded != nullptr && padded != &function;
}

std::string ModuleFile::describe(Place place) const {
  if (const Symbol* function = function_covering(place))
    return place.offset == function->value ? function->name
                                           : fmt::format("{}+{:#x}", function->name, place.offset - function->value);
  return fmt::format("{}+{:#x}", sections_[place.section].name, place.offset);
}

std::vector<ModinfoEntry> ModuleFile::modinfo() const {
  std::vector<ModinfoEntry> entries;
  const Section* section = find(".modinfo");
  if (section == nullptr) return entries;
  auto rest = as_text(section->data);
  while (!rest.empty()) {
    const auto entry = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(rest.size(), entry.size() + 1));
    if (entry.empty()) continue;  // padding
    const auto equals = std::min(entry.find('='), entry.size());
    entries.push_back(
        {std::string(entry.substr(0, equals)), std::string(entry.substr(std::min(entry.size(), equals + 1)))});
  }
  return entries;
}

std::optional<std::string> ModuleFile::modinfo(std::string_view key) const {
  for (auto& entry : modinfo())
    if (entry.key == key) return std::move(entry.value);
  return std::nullopt;
}

std::string ModuleFile::build_id() const {
  for (const auto& section : sections_) {
    if (section.type != SHT_NOTE) continue;
    const Reader notes(section.data, section.name);
    for (std::uint64_t at = 0; at + sizeof(Elf64_Nhdr) <= notes.size();) {
      const auto name_size = load_le<std::uint32_t>(section.data, at);
      const auto size = load_le<std::uint32_t>(section.data, at + 4);
      const auto type = load_le<std::uint32_t>(section.data, at + 8);
      const auto owner = notes.slice(at + sizeof(Elf64_Nhdr), name_size);
      const auto description = notes.slice(at + sizeof(Elf64_Nhdr) + align_up(name_size, 4), size);
      if (!owner || !description) break;
      if (type == NT_GNU_BUILD_ID && as_text(*owner) == std::string_view("GNU\0", 4)) return to_hex(*description);
      at += sizeof(Elf64_Nhdr) + align_up(name_size, 4) + align_up(size, 4);
    }
  }
  return {};
}

Unsigned strip_signature(ByteView file) {
  // scripts/sign-file.c: module, signature, struct module_signature, marker. The structure ends in
  // the signature's length, 32 bits big-endian (include/linux/module_signature.h).
  constexpr std::string_view marker = "~Module signature appended~\n";
  constexpr std::uint64_t structure = 12;
  if (!as_text(file).ends_with(marker) || file.size() < marker.size() + structure) return {file, 0};
  const auto body = file.first(file.size() - marker.size());
  std::uint64_t length = 0;
  for (const auto byte : body.last(4)) length = length << 8 | byte;
  if (length > body.size() - structure) return {file, 0};
  return {body.first(body.size() - structure - length), length};
}

}  // namespace suture::check
