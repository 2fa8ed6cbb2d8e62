#include "builder/compare/inlined_functions.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <sys/mman.h>

#include <memory>

#include "base/fd.h"
#include "base/file.h"

namespace suture::builder {
namespace {

struct EndDwfl {
  void operator()(Dwfl* dwfl) const { dwfl_end(dwfl); }
};
using DwflPointer = std::unique_ptr<Dwfl, EndDwfl>;

Error dwfl_failure(const std::string& name) {
  return Error(fmt::format("{}: debug information: {}", name, dwfl_errmsg(-1)));
}

// All is in the object itself.
int find_nothing(Dwfl_Module*, void**, const char*, Dwarf_Addr, const char*, const char*, GElf_Word, char**) {
  return -1;
}

// libdwfl relocates what the sections of an object say of each other, and reads files.
Result<Fd> in_memory(ByteView object, const std::string& name) {
  Fd file(memfd_create("object", MFD_CLOEXEC));
  if (!file || !write_all(file.get(), object)) return fail("{}: {}", name, std::generic_category().message(errno));
  return file;
}

std::string text(const char* words) { return words == nullptr ? std::string() : words; }

void add_inlined(Dwarf_Die& within, std::set<SourceFunction>& found) {
  Dwarf_Die child;
  if (dwarf_child(&within, &child) != 0) return;
  do {
    Dwarf_Attribute attribute;
    Dwarf_Die origin;
    if (dwarf_tag(&child) == DW_TAG_inlined_subroutine &&
        dwarf_formref_die(dwarf_attr(&child, DW_AT_abstract_origin, &attribute), &origin) != nullptr) {
      int line = 0;
      dwarf_decl_line(&origin, &line);
      found.insert({text(dwarf_diename(&origin)), text(dwarf_decl_file(&origin)), static_cast<std::uint64_t>(line)});
    }
    add_inlined(child, found);
  } while (dwarf_siblingof(&child, &child) == 0);
}

bool has_code(Dwarf_Die& function) {
  return dwarf_hasattr(&function, DW_AT_low_pc) != 0 || dwarf_hasattr(&function, DW_AT_ranges) != 0;
}

void add_functions(Dwarf_Die& unit, InlinedFunctions& functions) {
  Dwarf_Die child;
  if (dwarf_child(&unit, &child) != 0) return;
  do {
    if (dwarf_tag(&child) == DW_TAG_subprogram && has_code(child))
      add_inlined(child, functions[text(dwarf_diename(&child))]);
  } while (dwarf_siblingof(&child, &child) == 0);
}

}  // namespace

Result<InlinedFunctions> read_inlined_functions(ByteView object, const std::string& name) {
  auto file = TRY(in_memory(object, name));
  const Dwfl_Callbacks callbacks{.find_elf = nullptr,
                                 .find_debuginfo = find_nothing,
                                 .section_address = dwfl_offline_section_address,
                                 .debuginfo_path = nullptr};
  const DwflPointer dwfl(dwfl_begin(&callbacks));
  if (!dwfl) return fail(dwfl_failure(name));
  auto* module = dwfl_report_offline(dwfl.get(), name.c_str(), name.c_str(), file.get());
  if (module == nullptr) return fail(dwfl_failure(name));
  file.release();  // libdwfl closes it
  if (dwfl_report_end(dwfl.get(), nullptr, nullptr) != 0) return fail(dwfl_failure(name));

  InlinedFunctions functions;
  Dwarf_Addr bias = 0;
  for (auto* unit = dwfl_module_nextcu(module, nullptr, &bias); unit != nullptr;
       unit = dwfl_module_nextcu(module, unit, &bias)) {
    add_functions(*unit, functions);
  }
  return functions;
}

}  // namespace suture::builder
