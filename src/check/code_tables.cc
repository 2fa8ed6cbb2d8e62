// The tables that tell the kernel where it may change the module's code when it loads, and what a
// fault, a trap or a trace at some instruction means. An entry that leads astray makes the kernel
// write into the middle of an instruction, so each is followed to its instruction, and that decoded.
//
// Sizes and fields are those of this kernel's own types. Who reads what: module_finalize()
// (arch/x86/kernel/module.c), jump_label_add_module(), static_call_add_module(),
// ftrace_module_init(), module_bug_finalize(), sort_extable().
#include <algorithm>

#include "check/checks.h"
#include "check/code_site.h"
#include "check/livepatch_names.h"

namespace suture::check {
namespace {

constexpr std::uint64_t relative_pointer = 4;

class Tables {
 public:
  explicit Tables(const Context& context) : context_(context), sites_(context.module, context.code) {}

  void run() {
    check_sites();
    check_alternatives();
    check_paravirt();
    check_jump_labels();
    check_static_calls();
    check_exceptions();
    check_bugs();
    check_call_sites_of_ftrace();
  }

 private:
  using Record = CodeRecord;

  const ModuleFile& module() const { return context_.module; }

  template <typename... Args>
  void finding(const Record& record, fmt::format_string<Args...> format, Args&&... args) const {
    context_.finding("code-table", record.name(), format, std::forward<Args>(args)...);
  }

  /// Calls check(record) for each record of `size` bytes.
  template <typename Check>
  void each(std::string_view name, std::uint64_t size, Check check) const {
    const Section* section = module().find(name);
    if (section == nullptr || size == 0) return;
    if (section->size % size != 0 || section->data.size() != section->size)
      context_.finding("code-table", std::string(name), "has {} bytes, no multiple of the {} of an entry",
                       section->size, size);
    const auto count = section->data.size() / size;
    for (std::uint64_t i = 0; i < count; ++i) check(Record{section, size, i});
    context_.examined(fmt::format("entries of {}", name), count);
  }

  /// As each(), with the size and fields of one of the kernel's types.
  template <typename Check>
  void each_of_type(std::string_view name, std::string_view structure, Check check) const {
    if (module().find(name) == nullptr) return;
    const auto layout = context_.shipped.layout(structure);
    if (!layout) {
      context_.finding("code-table", std::string(name), "cannot be read: {}", layout.error().describe());
      return;
    }
    each(name, layout->size, [&](const Record& record) { check(record, *layout); });
  }

  /// Where a field of the record leads: to an instruction of the module. Reports it otherwise.
  std::optional<CodeSite> code(const Record& record, std::uint64_t field, std::string_view what) const {
    auto site = sites_.follow(record, field);
    if (site) return std::move(*site);
    finding(record, "{}: {}", what, site.error().message());
    return std::nullopt;
  }

  static std::uint64_t offset_of(const image::Layout& layout, std::string_view name) {
    const auto* member = layout.find(name);
    return member != nullptr ? member->offset() : 0;
  }
  template <std::integral T>
  T number(const Record& record, std::uint64_t field) const {
    const auto value = Reader(record.section->data, "").at<T>(record.offset() + field);
    return value ? *value : T{0};
  }

  /// Tables of nothing but relative pointers, to one kind of instruction each.
  void check_sites() const {
    each(".return_sites", relative_pointer, [&](const Record& record) {
      const auto site = code(record, 0, "its return");
      if (site && !site->branches_to("__x86_return_thunk"))
        finding(record, "leads to {}, not to a jump to __x86_return_thunk", site->describe());
    });
    each(".retpoline_sites", relative_pointer, [&](const Record& record) {
      const auto site = code(record, 0, "its branch");
      if (site && !site->target_name().starts_with("__x86_indirect_thunk_"))
        finding(record, "leads to {}, not to a branch to an __x86_indirect_thunk", site->describe());
    });
    each(".call_sites", relative_pointer, [&](const Record& record) {
      const auto site = code(record, 0, "its call");
      if (!site) return;
      if (site->instruction.kind != Kind::call)
        finding(record, "leads to {}, not to a call", site->describe());
      else if (is_bound_late(*site))
        finding(record, "leads to {}, whose callee is not known yet when the kernel reads the table", site->describe());
    });
    each(".smp_locks", relative_pointer, [&](const Record& record) {
      const auto site = code(record, 0, "its instruction");
      constexpr std::uint8_t lock = 0xf0;
      constexpr std::uint8_t data_segment = 0x3e;
      if (site && site->bytes.front() != lock && site->bytes.front() != data_segment)
        finding(record, "leads to {}, which has no lock prefix", site->describe());
    });
  }

  /// Whether livepatch fills in the call's field once a module is there.
  bool is_bound_late(const CodeSite& site) const {
    const auto* relocation = context_.code.branch_relocation(site.place.section, site.instruction);
    if (relocation == nullptr) return false;
    const auto name = parse_livepatch_section(module().section(relocation->from).name);
    return name && name->object != "vmlinux";
  }

  void check_alternatives() const {
    each_of_type(".altinstructions", "alt_instr", [&](const Record& record, const image::Layout& layout) {
      const auto original_size = number<std::uint8_t>(record, offset_of(layout, "instrlen"));
      const auto replacement_size = number<std::uint8_t>(record, offset_of(layout, "replacementlen"));
      if (const auto site = code(record, offset_of(layout, "instr_offset"), "the original");
          site && !sites_.ends_at_instruction(site->place, original_size))
        finding(record, "replaces {} bytes at {}, which cuts an instruction in two", original_size,
                module().describe(site->place));
      if (replacement_size > original_size)
        finding(record, "puts {} bytes in the place of {}", replacement_size, original_size);
      if (replacement_size != 0) check_replacement(record, offset_of(layout, "repl_offset"), replacement_size);
      check_feature(record, layout);
      check_direct_call(record, layout);
    });
  }

  void check_replacement(const Record& record, std::uint64_t field, std::uint64_t size) const {
    const auto place = sites_.target(record, field);
    if (!place || !module().section(place->section).is_allocated() ||
        place->offset > module().section(place->section).data.size() ||
        size > module().section(place->section).data.size() - place->offset)
      finding(record, "has no replacement of {} bytes in the module", size);
  }

  /// apply_alternatives() stops the kernel (BUG_ON) on a feature number that it does not have.
  void check_feature(const Record& record, const image::Layout& layout) const {
    const auto processor = context_.shipped.layout("cpuinfo_x86");
    const auto* features = processor ? processor->find("x86_capability") : nullptr;
    if (features == nullptr || layout.find("cpuid") == nullptr) return;
    constexpr std::uint16_t inverted = 0x8000;  // ALTINSTR_FLAG_INV in 6.1; a field of its own later
    const auto feature = number<std::uint16_t>(record, offset_of(layout, "cpuid")) & ~inverted;
    if (static_cast<std::uint64_t>(feature) >= features->size() * 8)
      finding(record, "asks for CPU feature {}, this kernel knows {}", feature, features->size() * 8);
  }

  /// alt_replace_call() (arch/x86/kernel/alternative.c) stops the kernel unless a call through memory
  /// becomes a call of BUG_func, whose target it then exchanges for what the memory holds.
  void check_direct_call(const Record& record, const image::Layout& layout) const {
    const auto* flags = layout.find("flags");
    if (flags == nullptr || flags->size_bits != 16) return;
    constexpr std::uint16_t direct_call = 1 << 1;  // ALT_FLAG_DIRECT_CALL
    if ((number<std::uint16_t>(record, flags->offset()) & direct_call) == 0) return;
    const auto site = code(record, offset_of(layout, "instr_offset"), "the original");
    const auto replacement = code(record, offset_of(layout, "repl_offset"), "the replacement");
    if (!site || !replacement) return;
    if (site->instruction.kind != Kind::indirect_call || !site->instruction.rip_relative ||
        site->instruction.length != 6 || number<std::uint8_t>(record, offset_of(layout, "instrlen")) != 6)
      finding(record, "makes {} a direct call, which is no call through memory of 6 bytes", site->describe());
    if (number<std::uint8_t>(record, offset_of(layout, "replacementlen")) != 5 ||
        replacement->instruction.kind != Kind::call || !replacement->branches_to("BUG_func"))
      finding(record, "makes a direct call of {}, which is no call of BUG_func", replacement->describe());
  }

  void check_paravirt() const {
    each_of_type(".parainstructions", "paravirt_patch_site", [&](const Record& record, const image::Layout& layout) {
      const auto size = number<std::uint8_t>(record, offset_of(layout, "len"));
      const auto site = code(record, offset_of(layout, "instr"), "its call");
      if (!site) return;
      if (site->instruction.kind != Kind::indirect_call && site->instruction.kind != Kind::call)
        finding(record, "leads to {}, not to a call", site->describe());
      if (!sites_.ends_at_instruction(site->place, size))
        finding(record, "covers {} bytes at {}, which cuts an instruction in two", size,
                module().describe(site->place));
    });
  }

  void check_jump_labels() const {
    each_of_type("__jump_table", "jump_entry", [&](const Record& record, const image::Layout& layout) {
      const auto site = code(record, offset_of(layout, "code"), "its branch");
      const auto target = code(record, offset_of(layout, "target"), "its target");
      const auto* key = sites_.relocation(record, offset_of(layout, "key"));
      if (site && site->instruction.kind != Kind::nop && site->instruction.kind != Kind::jump)
        finding(record, "leads to {}, not to a nop or a jump", site->describe());
      if (site && site->instruction.length != 2 && site->instruction.length != 5)
        finding(record, "leads to {} of {} bytes; the kernel changes 2 or 5", site->describe(),
                site->instruction.length);
      if (site && target && !sites_.same_function(site->place, target->place))
        finding(record, "jumps from {} to {}, another function", module().describe(site->place),
                module().describe(target->place));
      if (key == nullptr) finding(record, "has no key");
    });
  }

  void check_static_calls() const {
    each_of_type(".static_call_sites", "static_call_site", [&](const Record& record, const image::Layout& layout) {
      const auto site = code(record, offset_of(layout, "addr"), "its call");
      const auto* key = sites_.relocation(record, offset_of(layout, "key"));
      if (key == nullptr) {
        finding(record, "has no key");
        return;
      }
      constexpr std::int64_t tail_mark = 1;  // STATIC_CALL_SITE_TAIL
      if (site) {
        const bool call = site->instruction.kind == Kind::call;
        const bool tail = site->instruction.kind == Kind::jump || site->instruction.kind == Kind::conditional_jump;
        if (!call && !tail)
          finding(record, "leads to {}, not to a call or jump", site->describe());
        else if (tail != ((key->addend & tail_mark) != 0))
          finding(record, "leads to {}, but its key says that it is {}", site->describe(), tail ? "a call" : "a jump");
      }
      const auto& name = module().symbol(*key).name;
      if (name.starts_with("__SCT__") && !has_key(name))
        finding(record,
                "has the trampoline {} for a key, which the kernel can exchange for the key only where it exports the "
                "trampoline",
                name);
    });
  }

  /// tramp_key_lookup() (kernel/static_call_inline.c) in the shipped kernel's own table of
  /// struct static_call_tramp_key, two relative pointers.
  bool has_key(std::string_view trampoline) const {
    const auto begin = context_.shipped.symbols("__start_static_call_tramp_key");
    const auto end = context_.shipped.symbols("__stop_static_call_tramp_key");
    const auto wanted = context_.shipped.symbols(trampoline);
    if (begin.size() != 1 || end.size() != 1 || wanted.size() != 1 || end[0].begin < begin[0].begin) return false;
    const auto table = context_.shipped.bytes(begin[0].begin, end[0].begin - begin[0].begin);
    if (!table) return false;
    for (std::uint64_t at = 0; at + 8 <= table->size(); at += 8)
      if (begin[0].begin + at +
              static_cast<std::uint64_t>(static_cast<std::int64_t>(load_le<std::int32_t>(*table, at))) ==
          wanted[0].begin)
        return true;
    return false;
  }

  void check_exceptions() const {
    each_of_type("__ex_table", "exception_table_entry", [&](const Record& record, const image::Layout& layout) {
      code(record, offset_of(layout, "insn"), "its instruction");
      code(record, offset_of(layout, "fixup"), "its fixup");
    });
  }

  void check_bugs() const {
    each_of_type("__bug_table", "bug_entry", [&](const Record& record, const image::Layout& layout) {
      const auto site = code(record, offset_of(layout, "bug_addr_disp"), "its trap");
      if (site && site->instruction.kind != Kind::ud2) finding(record, "leads to {}, not to ud2", site->describe());
      const auto file = sites_.target(record, offset_of(layout, "file_disp"));
      if (!file || !Reader(module().section(file->section).data, "").string(file->offset))
        finding(record, "names no source file");
    });
  }

  void check_call_sites_of_ftrace() const {
    each("__mcount_loc", 8, [&](const Record& record) {
      const auto site = code(record, 0, "its call");
      if (site && !site->branches_to("__fentry__") &&
          !(site->instruction.kind == Kind::nop && site->instruction.length == 5))
        finding(record, "leads to {}, not to a call of __fentry__", site->describe());
    });
  }

  const Context& context_;
  CodeSites sites_;
};

}  // namespace

void check_code_tables(const Context& context) { Tables(context).run(); }

}  // namespace suture::check
