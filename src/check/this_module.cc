// .gnu.linkonce.this_module is the struct module itself: the loader copies it and uses its name,
// init and exit. 6.12 refuses a wrong size; 6.1 trusts it, and a module made for another layout
// corrupts memory.
#include <algorithm>

#include "check/checks.h"

namespace suture::check {
namespace {

constexpr std::string_view section_name = ".gnu.linkonce.this_module";
constexpr std::string_view module_finding = "this-module";

class ThisModule {
 public:
  ThisModule(const Context& context, const Section& section, const image::Layout& layout)
      : context_(context), section_(section), layout_(layout) {}

  void run() {
    check_shape();
    const auto* name = field("name");
    const auto* init = field("init");
    const auto* exit = field("exit");
    if (name == nullptr || init == nullptr || exit == nullptr) return;
    check_name(*name);
    check_pointer(*init, "init_module");
    check_pointer(*exit, "cleanup_module");
    for (const auto& relocation : section_.relocations)
      if (relocation.offset != init->offset() && relocation.offset != exit->offset())
        finding("has a relocation at {:#x}, which is neither its init nor its exit", relocation.offset);
    for (std::uint64_t i = 0; i < section_.data.size(); ++i)
      if (section_.data[i] != 0 && (i < name->offset() || i - name->offset() >= name->size())) {
        finding("has {:#x} at offset {:#x}; all but the name must be zero", section_.data[i], i);
        break;
      }
  }

 private:
  template <typename... Args>
  void finding(fmt::format_string<Args...> format, Args&&... args) const {
    context_.finding(module_finding, std::string(section_name), format, std::forward<Args>(args)...);
  }

  void check_shape() const {
    constexpr auto flags = SHF_ALLOC | SHF_WRITE;
    if (section_.type != SHT_PROGBITS || (section_.flags & (flags | SHF_EXECINSTR)) != flags)
      finding("must be allocated, writable data with content; its type is {} and its flags {:#x}", section_.type,
              section_.flags);
    if (section_.size != layout_.size)
      finding("has {} bytes, but this kernel's struct module has {}", section_.size, layout_.size);
  }

  const image::Member* field(std::string_view name) const {
    const auto* member = layout_.find(name);
    if (member == nullptr || member->offset() > section_.data.size() ||
        member->size() > section_.data.size() - member->offset()) {
      finding("does not hold the field '{}' of this kernel's struct module", name);
      return nullptr;
    }
    return member;
  }

  void check_name(const image::Member& member) const {
    const auto bytes = as_text(section_.data.subspan(member.offset(), member.size()));
    const auto end = bytes.find('\0');
    const auto name = bytes.substr(0, end);
    if (end == std::string_view::npos || name.empty()) {
      finding("does not hold a name at offset {:#x}", member.offset());
      return;
    }
    const auto info = context_.module.modinfo("name");
    if (info && *info != name) finding("names the module '{}', .modinfo names it '{}'", name, *info);
    if (name == "vmlinux") finding("names the module 'vmlinux', which livepatch takes for the kernel");
    if (!std::all_of(name.begin(), name.end(), [](char c) {
          return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        }))
      finding("names the module '{}'; letters, digits and '_' are expected", name);
  }

  void check_pointer(const image::Member& member, std::string_view function) const {
    const auto* relocation = context_.module.relocation_at({section_.index, member.offset()});
    if (relocation == nullptr) {
      finding("has no relocation at {:#x} that makes its {} point to {}()", member.offset(), member.name, function);
      return;
    }
    const auto target = context_.module.target(*relocation);
    const auto* symbol = context_.module.find_symbol(function);
    if (!target || symbol == nullptr || !symbol->is_function() || *target != Place{symbol->section, symbol->value} ||
        relocation->type != R_X86_64_64)
      finding("has {} pointing to {}{:+#x} (relocation type {}), not to {}()", member.name,
              context_.module.symbol(*relocation).name, relocation->addend, relocation->type, function);
  }

  const Context& context_;
  const Section& section_;
  const image::Layout& layout_;
};

}  // namespace

void check_this_module(const Context& context) {
  const auto& sections = context.module.sections();
  const auto count =
      std::count_if(sections.begin(), sections.end(), [](const Section& each) { return each.name == section_name; });
  const Section* section = context.module.find(section_name);
  if (count != 1 || section == nullptr) {
    context.finding(module_finding, std::string(section_name),
                    "exactly one such section in memory is expected, {} found", count);
    return;
  }
  const auto layout = context.shipped.layout("module");
  if (!layout) {
    context.finding(module_finding, std::string(section_name), "cannot be compared: {}", layout.error().describe());
    return;
  }
  ThisModule(context, *section, *layout).run();
  const auto* self = context.module.find_symbol("__this_module");
  if (self == nullptr || self->section != section->index || self->value != 0)
    context.finding(module_finding, "symbol __this_module", "must be the start of {}", section_name);
}

}  // namespace suture::check
