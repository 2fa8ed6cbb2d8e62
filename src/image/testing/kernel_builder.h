// Writes a small linked kernel with all that KernelImage asks for, for tests and fuzzing.
#pragma once

#include <elf.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "image/kallsyms.h"
#include "image/testing/btf_builder.h"
#include "image/testing/kallsyms_builder.h"

namespace suture::image::testing {

/// Code lies from text_begin to text_end, init memory from init_begin to init_end, both 4096 bytes.
/// Change what the fields hold, then build().
class KernelBuilder {
 public:
  static constexpr std::uint64_t text_begin = 0xffffffff81000000;
  static constexpr std::uint64_t text_end = text_begin + 0x1000;
  static constexpr std::uint64_t rodata_begin = 0xffffffff82000000;
  static constexpr std::uint64_t data_begin = 0xffffffff82800000;
  static constexpr std::uint64_t banner_begin = rodata_begin;
  static constexpr std::uint64_t init_begin = 0xffffffff83000000;
  static constexpr std::uint64_t init_end = init_begin + 0x1000;
  static constexpr std::uint64_t bss_begin = 0xffffffff84000000;

  Bytes text = Bytes(text_end - text_begin, 0xcc);
  Bytes data = Bytes(0x100);
  std::string banner =
      "Linux version 6.1.0-53-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld (GNU "
      "Binutils for Debian) 2.40) #1 SMP Debian 6.1.187-1\n";
  Bytes build_id = {0xde, 0xad, 0xbe, 0xef};
  BtfBuilder types;
  std::vector<std::uint64_t> call_sites;  ///< __mcount_loc
  std::vector<KernelSymbol> symbols;      ///< in any order; those that every kernel has are added
  std::vector<std::uint64_t> words;       ///< fields of 64 bits that hold addresses
  std::vector<std::uint64_t> halves;      ///< of 32 bits
  std::vector<std::string> without;       ///< names of sections and symbols to leave out

  Bytes build() const {
    std::vector<Section> sections = {
        {".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, text_begin, text},
        {".rodata", SHT_PROGBITS, SHF_ALLOC, rodata_begin, rodata()},
        {".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, data_begin, data},
        {".notes", SHT_NOTE, SHF_ALLOC, rodata_begin + 0x100000, notes()},
        {".BTF", SHT_PROGBITS, SHF_ALLOC, rodata_begin + 0x200000, types.build()},
        {".init.text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, init_begin, Bytes(0x800, 0xcc)},
        {".init.data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, init_begin + 0x800, sites()},
        {".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, bss_begin, Bytes(0x1000)},
        {".shstrtab", SHT_STRTAB, 0, 0, {}},
    };
    std::erase_if(sections, [&](const Section& section) { return left_out(section.name); });
    auto kernel = link(std::move(sections));
    if (!words.empty() || !halves.empty()) append_relocations(kernel);
    return kernel;
  }

 private:
  struct Section {
    std::string name;
    std::uint32_t type;
    std::uint64_t flags;
    std::uint64_t address;
    Bytes data;
  };

  bool left_out(const std::string& name) const {
    return std::find(without.begin(), without.end(), name) != without.end();
  }

  Bytes rodata() const {
    KallsymsBuilder table;
    table.symbols = symbols;
    const auto sites_begin = init_begin + 0x800;
    for (const auto& symbol : std::vector<KernelSymbol>{
             {"__per_cpu_start", 0, 'A'},
             {"__per_cpu_end", 0x1000, 'A'},
             {"_stext", text_begin, 'T'},
             {"__noinstr_text_start", text_end - 0x100, 'T'},
             {"__noinstr_text_end", text_end, 'T'},
             {"_etext", text_end, 'T'},
             {"linux_banner", banner_begin, 'D'},
             {"__init_begin", init_begin, 'D'},
             {"_sinittext", init_begin, 'T'},
             {"_einittext", sites_begin, 'T'},
             {"__start_mcount_loc", sites_begin, 'D'},
             {"__stop_mcount_loc", sites_begin + 8 * call_sites.size(), 'D'},
             {"__init_end", init_end, 'D'},
         })
      if (!left_out(symbol.name)) table.symbols.push_back(symbol);
    std::stable_sort(table.symbols.begin(), table.symbols.end(),
                     [](const KernelSymbol& a, const KernelSymbol& b) { return a.address < b.address; });
    Bytes bytes(banner.begin(), banner.end());
    bytes.resize(align_up(bytes.size() + 1, 8));
    const auto tables = table.build();
    bytes.insert(bytes.end(), tables.begin(), tables.end());
    return bytes;
  }
  Bytes notes() const {
    Bytes bytes;
    // Another note first, as in a kernel: "Xen", type 6, one word.
    for (const std::uint32_t word : {4U, 4U, 6U, 0x6e6558U, 1U}) append_le(bytes, word);
    for (const std::uint32_t word : {4U, static_cast<std::uint32_t>(build_id.size()), 3U, 0x554e47U})
      append_le(bytes, word);
    bytes.insert(bytes.end(), build_id.begin(), build_id.end());
    return bytes;
  }
  Bytes sites() const {
    Bytes bytes;
    for (const auto site : call_sites) append_le(bytes, site);
    bytes.resize(0x800);
    return bytes;
  }

  // The lists stand in the order 64, inverse 32, 32 bits, each behind a zero.
  void append_relocations(Bytes& kernel) const {
    const std::vector<std::uint64_t> none;
    for (const auto* list : {&words, &none, &halves}) {
      append_le(kernel, std::uint32_t{0});
      for (const auto field : *list) append_le(kernel, static_cast<std::uint32_t>(field));
    }
  }

  static Bytes link(std::vector<Section> sections) {
    Bytes names(1);
    std::vector<Elf64_Shdr> headers(1);
    Bytes file(sizeof(Elf64_Ehdr));
    for (auto& section : sections) {
      Elf64_Shdr header{};
      header.sh_name = static_cast<std::uint32_t>(names.size());
      names.insert(names.end(), section.name.begin(), section.name.end());
      names.push_back(0);
      if (section.type == SHT_STRTAB) section.data = names;
      file.resize(align_up(file.size(), 8));
      header.sh_type = section.type;
      header.sh_flags = section.flags;
      header.sh_addr = section.address;
      header.sh_offset = file.size();
      header.sh_size = section.data.size();
      header.sh_addralign = 8;
      if (section.type != SHT_NOBITS) file.insert(file.end(), section.data.begin(), section.data.end());
      headers.push_back(header);
    }
    file.resize(align_up(file.size(), 8));
    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    header.e_type = ET_EXEC;
    header.e_machine = EM_X86_64;
    header.e_version = EV_CURRENT;
    header.e_shoff = file.size();
    header.e_ehsize = sizeof header;
    header.e_shentsize = sizeof(Elf64_Shdr);
    header.e_shnum = static_cast<std::uint16_t>(headers.size());
    header.e_shstrndx = static_cast<std::uint16_t>(headers.size() - 1);
    std::memcpy(file.data(), &header, sizeof header);
    const auto* raw = reinterpret_cast<const std::uint8_t*>(headers.data());
    file.insert(file.end(), raw, raw + headers.size() * sizeof(Elf64_Shdr));
    return file;
  }
};

}  // namespace suture::image::testing
