#include "patch/passes/verify.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/words.h"
#include "patch/passes/deny_list.h"
#include "patch/passes/device_ids.h"
#include "patch/passes/initial_values.h"
#include "patch/passes/private_data.h"
#include "patch/passes/section_names.h"

namespace suture::patch {
namespace {

// Tracepoints bring a name and a pointer along, in sections of their own; one of the three will do.
bool is_tracepoint(std::string_view section) { return section == "__tracepoints"; }

// Sections that the kernel's build or boot gathers into lists: what is added there is never seen by
// a kernel that runs already.
bool is_registration(std::string_view section) {
  return starts_with_any(section, {".initcall",
                                   ".con_initcall",
                                   "__param",
                                   ".init.setup",
                                   "_ftrace_events",
                                   "__bpf_raw_tp",
                                   "__event_trigger",
                                   "_ftrace_eval",
                                   "__syscalls_metadata",
                                   ".pci_fixup",
                                   "__tracepoint_str",
                                   "_error_injection",
                                   ".init.",
                                   "__earlycon_table",
                                   "__thermal_table",
                                   ".fini_array",
                                   ".init_array",
                                   ".kunit",
                                   "__modver",
                                   ".ref.",
                                   ".acpi_probe",
                                   "_kprobe_blacklist",
                                   "__bug_on",
                                   ".apicdrivers",
                                   ".x86_cpu_dev",
                                   ".iommu_table",
                                   "__trace_printk_fmt"});
}

class Verifier {
 public:
  Verifier(const Pair& pair, const Comparison& comparison, const Selection& selection)
      : pair_(pair), comparison_(comparison), selection_(selection) {}

  Verdict run() {
    note_users();
    for (const auto& [function, why] : selection_.functions) {
      if (why != Why::added || !serves_init_only(function)) check_section(function);
      if (why != Why::added) check_replaceable(function);
    }
    for (PieceIndex i = 0; i < pair_.patched.pieces.size(); ++i) {
      if (selection_.included[i]) check_included(i);
    }
    for (const auto p : pair_.correlation.ambiguous) check_ambiguous(p);
    check_rest_stands();
    check_variables();
    check_lists();
    return std::move(verdict_);
  }

 private:
  void refuse(std::string code, std::string_view what, std::string reason, std::string advice) {
    Refusal refusal{std::move(code), fmt::format("{}: {}", pair_.source, what), std::move(reason), std::move(advice)};
    auto& refusals = verdict_.refusals;
    if (std::find(refusals.begin(), refusals.end(), refusal) == refusals.end()) refusals.push_back(std::move(refusal));
  }

  void warn(std::string code, std::string_view what, std::string reason) {
    verdict_.warnings.push_back({std::move(code), fmt::format("{}: {}", pair_.source, what), std::move(reason)});
  }

  void note_users() {
    for (PieceIndex i = 0; i < pair_.patched.pieces.size(); ++i) {
      if (!selection_.included[i] || pair_.patched.pieces[i].kind != PieceKind::function) continue;
      for (const auto& reference : pair_.patched.pieces[i].references) {
        if (reference.piece != no_piece) users_[reference.piece].insert(whole(pair_.patched, i));
      }
    }
  }

  bool in_init_or_exit(PieceIndex index) const {
    const auto& section = pair_.patched.section(pair_.patched.pieces[index]).name;
    return is_init(section) || is_exit(section);
  }

  // A new helper of init code that is refused itself: one refusal says it all.
  bool serves_init_only(PieceIndex function) const {
    const auto users = users_.find(function);
    return in_init_or_exit(function) && users != users_.end() &&
           std::all_of(users->second.begin(), users->second.end(),
                       [&](PieceIndex user) { return user != function && in_init_or_exit(user); });
  }

  void check_section(PieceIndex index) {
    const auto& piece = pair_.patched.pieces[index];
    const auto& section = pair_.patched.section(piece).name;
    if (is_init(section)) {
      refuse("init-code", piece.name,
             "the function runs once at boot or when its module is loaded, and its memory is freed: it has run already",
             "build the rest with --accept init-code: this part takes effect with the next boot or module load of a "
             "fixed kernel");
    } else if (is_exit(section)) {
      refuse("exit-code", piece.name,
             "the function runs only when its module is unloaded, and the kernel discards or frees it apart from other "
             "code",
             "build the rest with --accept exit-code: this part takes effect when a fixed module is unloaded");
    } else if (is_noinstr(section)) {
      refuse("noinstr", piece.name,
             fmt::format("the function lies in {}, where nothing may be traced: it runs before the kernel is in a "
                         "state to look at a live patch",
                         section),
             "fix it with a reboot, or move the change to a traceable caller");
    }
  }

  void check_replaceable(PieceIndex index) {
    const auto& piece = pair_.patched.pieces[index];
    const auto original = pair_.correlation.original[index];
    const auto& before = pair_.original.pieces[original];
    if (const auto reason = denied(pair_.source, before.name); !pair_.in_module() && !reason.empty()) {
      refuse("live-patch-path", piece.name, std::string(reason), "fix it with a reboot");
    }
  }

  void check_included(PieceIndex index) {
    const auto& piece = pair_.patched.pieces[index];
    for (const auto& reference : piece.references) {
      if (reference.implicit && reference.type != R_X86_64_PC32) {
        refuse("shared-section", piece.name,
               "the function shares its section with another one and reaches it by a short jump, so that the two "
               "cannot be moved apart",
               "move the change into a caller");
      }
      check_init_reference(piece, reference);
    }
    for (const auto& entry : piece.entries) {
      check_entry(index, entry);
      check_alternative(index, entry);
    }
    if (piece.kind == PieceKind::variable && is_init(pair_.patched.section(piece).name)) {
      refuse("init-data", piece.name, "the live patch would need new data in memory that the kernel frees after boot",
             "drop the __initdata annotation from new data");
    }
  }

  // What lies in init memory is gone, or not loaded, by the time the live patch uses it.
  void check_init_reference(const Piece& piece, const Reference& reference) {
    if (reference.piece == no_piece || piece.kind != PieceKind::function) return;
    const auto& target = pair_.patched.pieces[reference.piece];
    const auto& section = pair_.patched.section(target).name;
    if (target.is_content() || selection_.included[reference.piece]) return;
    const auto& own = pair_.patched.section(piece).name;
    if ((is_init(section) && !is_init(own)) || (is_exit(section) && !is_exit(own))) {
      refuse("init-reference", piece.name,
             fmt::format("the function refers to {}, which lies in {}: that memory is freed after boot or module load",
                         target.name, section),
             "leave this function out of the live patch");
    }
  }

  // A module's keys are not there yet, or are known already, when the live patch's own tables are
  // processed: the kernel applies `.klp.rela.MODULE.*` after them (kernel/livepatch/core.c).
  void check_entry(PieceIndex owner, const TableEntry& entry) {
    if (!pair_.in_module()) return;
    if (pair_.patched.object->sections[entry.section].name != "__jump_table") return;
    const auto& key = entry.references.back();
    if (entry.references.size() < 2 || key.piece == no_piece) return;
    const auto& target = pair_.patched.pieces[key.piece];
    if (selection_.included[key.piece] || target.is_content() || key.piece == whole(pair_.patched, owner)) return;
    const auto& function = pair_.patched.pieces[whole(pair_.patched, owner)].name;
    const std::string own =
        fmt::format("module {} owns it, and a live patch's jump tables are processed before it is bound to the module",
                    pair_.object);
    if (pair_.patched.section(target).name == "__dyndbg") {
      refuse("module-pr-debug", function,
             fmt::format("the function holds a pr_debug() or dev_dbg() whose switch is {}: {}", target.name, own),
             "take the debug message out of the fixed function");
    } else if (target.name.starts_with("__tracepoint_")) {
      refuse("module-tracepoint", function,
             fmt::format("the function fires the tracepoint {}: {}", target.name.substr(13), own),
             "take the tracepoint out of the fixed function");
    } else {
      refuse("module-static-key", function, fmt::format("the function tests the static key {}: {}", target.name, own),
             "test it with static_key_enabled() in the fix, which reads the key instead of patching code");
    }
  }

  // Alternatives, too, are applied before the live patch is bound to a module: a reference to the
  // module is not filled in yet in the replacement, and would be filled into what replaced it.
  void check_alternative(PieceIndex owner, const TableEntry& entry) {
    if (!pair_.in_module() || pair_.patched.object->sections[entry.section].name != ".altinstructions") return;
    const auto refuse_if_bound = [&](const Piece& code, std::int64_t begin, std::int64_t end) {
      for (const auto& reference : code.references) {
        const auto at = static_cast<std::int64_t>(reference.offset);
        if (at < begin || at >= end || where(pair_, selection_, owner, reference, false) != Leads::original) continue;
        refuse(
            "module-alternative", pair_.patched.pieces[whole(pair_.patched, owner)].name,
            fmt::format("the function reaches {} of module {} from code that the kernel replaces by what the CPU can "
                        "do, which happens before a live patch is bound to the module",
                        pair_.patched.pieces[reference.piece].name, pair_.object),
            "reach it through a plain function of the fix");
      }
    };
    // arch/x86/include/asm/alternative.h, struct alt_instr: the length follows 16 bits of feature, or
    // 32 since 6.3, where an entry has 14 bytes.
    const auto length_at = entry.size >= 14 ? 12U : 10U;
    const auto bytes = pair_.patched.bytes(entry);
    for (const auto& reference : entry.references) {
      if (reference.piece == no_piece) continue;
      const auto& target = pair_.patched.pieces[reference.piece];
      if (reference.offset == 0 && length_at < bytes.size()) {
        refuse_if_bound(target, reference.target, reference.target + bytes[length_at]);
      } else if (target.kind == PieceKind::code) {
        refuse_if_bound(target, 0, static_cast<std::int64_t>(target.size));
      }
    }
  }

  void check_ambiguous(PieceIndex variable) {
    const auto& piece = pair_.patched.pieces[variable];
    for (PieceIndex i = 0; i < pair_.patched.pieces.size(); ++i) {
      if (!selection_.included[i]) continue;
      const auto& user = pair_.patched.pieces[i];
      if (std::none_of(user.references.begin(), user.references.end(),
                       [&](const auto& r) { return r.piece == variable; }))
        continue;
      refuse("ambiguous-static", pair_.patched.pieces[whole(pair_.patched, i)].name,
             fmt::format("it uses the static variable {}, and there are several of that name: nothing tells which one "
                         "of the running kernel it is",
                         base_name(piece.name)),
             "give the new variable a name of its own");
    }
  }

  // Of accepted init code, what is carried must not rely on what that would have set up: new variables
  // that hold nothing at first, and that code refers to which is left out.
  void check_rest_stands() {
    if (pair_.accepted.empty()) return;
    const auto& pieces = pair_.patched.pieces;
    for (PieceIndex i = 0; i < pieces.size(); ++i) {
      if (selection_.included[i] || pieces[i].kind != PieceKind::function) continue;
      const bool is_left_out = pair_.accepted.contains(whole(pair_.patched, i)) ||
                               pair_.correlation.original[whole(pair_.patched, i)] == no_piece;
      if (!is_left_out) continue;
      for (const auto& reference : pieces[i].references) {
        if (reference.piece == no_piece || !selection_.included[reference.piece]) continue;
        const auto& variable = pieces[reference.piece];
        if (variable.kind != PieceKind::variable || variable.is_content()) continue;
        if (!pair_.patched.section(variable).name.starts_with(".bss")) continue;
        refuse(
            "needs-init-code", variable.name,
            fmt::format("the rest of the fix uses this new variable, and {} is left out, which may be what sets it up",
                        pieces[whole(pair_.patched, i)].name),
            "set it up from a pre-patch callback (docs/authors-guide.md), or plan a reboot");
      }
    }
  }

  void check_variables() {
    for (PieceIndex i = 0; i < pair_.patched.pieces.size(); ++i) {
      const auto& piece = pair_.patched.pieces[i];
      if (piece.kind != PieceKind::variable || piece.is_content() || is_expendable(base_name(piece.name))) continue;
      const auto& section = pair_.patched.section(piece).name;
      if (section.starts_with(".BTF_ids") || is_mark(section) || is_left_aside(pair_, i)) continue;
      const auto original = pair_.correlation.original[i];
      if (original == no_piece) {
        if (is_registration(section) || is_tracepoint(section)) refuse_registration(piece.name, section);
        continue;
      }
      if (const auto difference = comparison_.difference(original, i)) {
        if (is_init(section)) {
          refuse(
              "init-data", piece.name,
              fmt::format("its initial value changed ({}), and only code that has run already reads it", *difference),
              "build the rest with --accept init-data: this part takes effect with the next boot or module load of a "
              "fixed kernel");
        } else {
          refuse_data(original, i, *difference);
        }
      }
    }
  }

  void refuse_data(PieceIndex original, PieceIndex patched, const std::string& difference) {
    const auto& piece = pair_.patched.pieces[patched];
    if (const auto ids = device_ids_name(pair_.patched, patched);
        !ids.empty() && only_adds_ids(pair_, comparison_, original, patched)) {
      warn("device-ids", ids,
           "the fix adds ids of hardware, which the registered driver does not look at: until the fixed module is "
           "loaded, such hardware is not matched (some buses take an id from /sys/bus/*/drivers/*/new_id)");
      return;
    }
    auto value = find_initial_value(pair_, comparison_, original, patched);
    const bool grew = pair_.original.pieces[original].size != piece.size;
    refuse("data-changed", piece.name,
           fmt::format("the initial value of this {} changed ({}), but the running kernel holds its own copy, "
                       "which may have changed since, and others read it{}",
                       pair_.patched.section(piece).is_writable() ? "variable" : "constant", difference,
                       used_by(original)),
           grew ? "the running kernel has no room for it: let the functions that read it look at new data too, or "
                  "leave this part to the next boot"
           : value
               ? "set the new value from a pre-patch callback and the old one from a post-unpatch callback "
                 "(docs/authors-guide.md)"
               : "no single store makes this change, so that a reader could see half of it, or it would lead to what "
                 "comes and goes with the live patch: let the functions that read it look at new data, or set it "
                 "from a callback if nothing reads it meanwhile (docs/authors-guide.md)");
    if (value) verdict_.initial_values.emplace(verdict_.refusals.back().place, std::move(*value));
  }

  // Those that go on with the kernel's copy, as far as this file knows them.
  std::string used_by(PieceIndex original) const {
    constexpr std::size_t most = 5;
    auto names = users_of(pair_.original, original);
    const auto left_out = names.size() > most ? names.size() - most : 0;
    names.resize(names.size() - left_out);
    if (names.empty()) return "";
    return fmt::format(": {}{}", fmt::join(names, ", "), left_out == 0 ? "" : fmt::format(" and {} more", left_out));
  }

  void refuse_registration(std::string_view what, std::string_view section) {
    if (pair_.accepted_codes.contains("registration")) {
      warn("unfixed", what,
           fmt::format("an entry was added to {}, and is not looked at until the next boot or module load of a fixed "
                       "kernel",
                       section));
      return;
    }
    refuse("registration", what,
           fmt::format("the fix adds an entry to {}, which the kernel reads only at boot or when the module is loaded",
                       section),
           "build the rest with --accept registration: this part takes effect with the next boot or module load of a "
           "fixed kernel; or do what it registers from a callback");
  }

  // Lists without symbols: entries of one section, as a multiset of contents.
  void check_lists() {
    const auto lists = [](const Program& program) {
      std::map<std::string, std::vector<PieceIndex>> found;
      std::set<PieceIndex> used;
      for (const auto& piece : program.pieces) {
        for (const auto& reference : piece.references) used.insert(reference.piece);
      }
      for (PieceIndex i = 0; i < program.pieces.size(); ++i) {
        if (program.pieces[i].kind == PieceKind::anonymous && !used.contains(i))
          found[program.section(program.pieces[i]).name].push_back(i);
      }
      return found;
    };
    const auto before = lists(pair_.original);
    for (const auto& [section, entries] : lists(pair_.patched)) {
      auto known = before.contains(section) ? before.at(section) : std::vector<PieceIndex>{};
      for (const auto entry : entries) {
        const auto same =
            std::find_if(known.begin(), known.end(), [&](PieceIndex o) { return comparison_.same(o, entry); });
        if (same != known.end()) {
          known.erase(same);
        } else if (section == ".rodata" || section.starts_with(".rodata.")) {
          continue;  // nothing refers to it: a constant that the compiler no longer needs
        } else if (section.starts_with(".data") || section.starts_with(".bss")) {
          refuse("data-changed", section, "unnamed initial data changed, but the running kernel holds its own copy",
                 "set the new value from a callback (docs/authors-guide.md)");
        } else {
          refuse_registration(section, section);
        }
      }
    }
    check_btf_ids();
  }

  // include/linux/btf_ids.h: `__BTF_ID__struct__sock__123`, the number being __COUNTER__; the content
  // is filled in when the kernel is linked, so names are all there is to compare.
  void check_btf_ids() {
    const auto names = [](const elf::Object& object) {
      std::multiset<std::string> found;
      for (const auto& symbol : object.symbols) {
        if (!symbol.is_defined() || object.sections[symbol.section].name != ".BTF_ids" || symbol.is_section()) continue;
        auto name = symbol.name;
        while (!name.empty() && (std::isdigit(static_cast<unsigned char>(name.back())) != 0 || name.back() == '_'))
          name.pop_back();
        found.insert(std::move(name));
      }
      return found;
    };
    if (names(*pair_.original.object) != names(*pair_.patched.object)) {
      refuse("btf-ids", ".BTF_ids",
             "the fix changes a list of BTF type ids, which are assigned when the kernel is linked",
             "leave the new ids out of the fix");
    }
  }

  const Pair& pair_;
  const Comparison& comparison_;
  const Selection& selection_;
  std::map<PieceIndex, std::set<PieceIndex>> users_;  // carried functions that refer to a piece
  Verdict verdict_;
};

}  // namespace

Verdict verify(const Pair& pair, const Comparison& comparison, const Selection& selection) {
  return Verifier(pair, comparison, selection).run();
}

}  // namespace suture::patch
