#include "check/patch_tables.h"

#include <algorithm>
#include <array>
#include <set>

namespace suture::check {
namespace {

constexpr std::uint64_t pointer_size = 8;
// Far more than any patch has; keeps a hostile file, whose objects all share one long list, from
// making us read it over and over.
constexpr std::size_t most_functions = 65536;

struct Field {
  std::uint64_t offset;
  std::uint64_t size;
};

class TableReader {
 public:
  TableReader(const ModuleFile& module, const Code& code, const PatchLayout& layout)
      : module_(module), code_(code), layout_(layout) {}

  PatchTables read() {
    const auto record = find_patch();
    if (!record) return std::move(tables_);
    tables_.record = record;
    if (!holds(*record, layout_.patch.size, "struct klp_patch")) return std::move(tables_);
    tables_.records.push_back(*record);
    internal_is_zero(*record, layout_.patch.size,
                     {{layout_.patch.mod, pointer_size},
                      {layout_.patch.objs, pointer_size},
                      {layout_.patch.states, pointer_size},
                      {layout_.patch.replace, 1}});
    tables_.replace = number<std::uint8_t>(*record, layout_.patch.replace) != 0;
    tables_.mod = pointer(*record, layout_.patch.mod);
    if (const auto objects = pointer(*record, layout_.patch.objs)) read_objects(*objects);
    if (const auto states = pointer(*record, layout_.patch.states)) read_states(*states);
    return std::move(tables_);
  }

 private:
  void problem(Place place, std::string reason) { tables_.problems.push_back({place, std::move(reason)}); }

  static Place at(Place record, std::uint64_t offset) { return {record.section, record.offset + offset}; }

  /// What the instruction before `call` that loads %rdi loads into it: mov $imm32,%rdi or
  /// lea disp32(%rip),%rdi, the ways in which GCC and Clang give the address of a static variable.
  std::optional<Place> argument(std::uint32_t section, const std::vector<Instruction>& instructions,
                                std::size_t call) const {
    const auto& data = module_.section(section).data;
    for (std::size_t i = call; i-- > 0 && call - i <= 32;) {
      const auto& each = instructions[i];
      const auto bytes = data.subspan(each.offset, each.length);
      const bool move = each.length == 7 && bytes[0] == 0x48 && bytes[1] == 0xc7 && bytes[2] == 0xc7;
      const bool load = each.length == 7 && bytes[0] == 0x48 && bytes[1] == 0x8d && bytes[2] == 0x3d;
      if (!move && !load) continue;
      const Relocation* relocation = module_.relocation_at({section, each.offset + 3});
      if (relocation == nullptr) return std::nullopt;
      auto target = module_.target(*relocation);
      if (target && load) target->offset += 4;  // counted from the instruction's end
      return target;
    }
    return std::nullopt;
  }

  std::optional<Place> find_patch() {
    std::set<Place> found;
    for (const auto& [section, instructions] : code_.sections()) {
      for (std::size_t i = 0; i < instructions.size(); ++i) {
        if (code_.branch_symbol(section, instructions[i]) != "klp_enable_patch") continue;
        const Place place{section, instructions[i].offset};
        if (const auto patch = argument(section, instructions, i))
          found.insert(*patch);
        else
          problem(place, "calls klp_enable_patch() with an argument that cannot be told from the code");
      }
    }
    if (found.empty()) return std::nullopt;
    if (found.size() > 1) problem(*std::next(found.begin()), "is a second struct klp_patch; one module is one patch");
    return *found.begin();
  }

  bool holds(Place record, std::uint64_t size, std::string_view what) {
    const auto& section = module_.section(record.section);
    if (record.offset <= section.data.size() && size <= section.data.size() - record.offset) return true;
    problem(record,
            fmt::format("{} of {} bytes ends outside its section, which has {}", what, size, section.data.size()));
    return false;
  }

  /// A field that holds() has shown to lie inside.
  template <std::integral T>
  T number(Place record, std::uint64_t offset) const {
    const auto value = Reader(module_.section(record.section).data, "").at<T>(record.offset + offset);
    return value ? *value : T{0};
  }

  /// Not null: written by a relocation, or by nothing and not zero.
  bool is_set(Place record, std::uint64_t offset) const {
    return module_.relocation_at(at(record, offset)) != nullptr || number<std::uint64_t>(record, offset) != 0;
  }

  /// Where the pointer leads; none if it is null, and a problem if it leads outside the module.
  std::optional<Place> pointer(Place record, std::uint64_t offset) {
    const Relocation* relocation = module_.relocation_at(at(record, offset));
    if (relocation == nullptr) {
      if (number<std::uint64_t>(record, offset) != 0)
        problem(at(record, offset), "is a pointer that no relocation writes");
      return std::nullopt;
    }
    const auto target = module_.target(*relocation);
    if (!target || relocation->type != R_X86_64_64 || module_.section(relocation->from).is_livepatch() ||
        target->offset > module_.section(target->section).size) {
      problem(at(record, offset),
              fmt::format("is a pointer that does not lead into the module (to {}{:+#x}, relocation type {})",
                          module_.symbol(*relocation).name, relocation->addend, relocation->type));
      return std::nullopt;
    }
    return target;
  }

  std::string string(Place record, std::uint64_t offset) {
    const auto place = pointer(record, offset);
    if (!place) return {};
    const auto text = Reader(module_.section(place->section).data, "").string(place->offset);
    if (text) return std::string(*text);
    problem(*place, "is not a string that ends within its section");
    return {};
  }

  /// The rest of a structure is the kernel's own: it must start as zero.
  void internal_is_zero(Place record, std::uint64_t size, const std::vector<Field>& ours) {
    const auto is_ours = [&](std::uint64_t offset) {
      return std::any_of(ours.begin(), ours.end(), [&](const Field& field) {
        return offset >= field.offset && offset - field.offset < field.size;
      });
    };
    for (std::uint64_t i = 0; i < size; ++i) {
      const Relocation* relocation = module_.relocation_at(at(record, i));
      if (is_ours(i) || (number<std::uint8_t>(record, i) == 0 && relocation == nullptr)) continue;
      problem(at(record, i),
              fmt::format("is byte {} of a structure of livepatch, one that only the kernel may set", i));
      return;
    }
  }

  void read_objects(Place first) {
    for (Place record = first;; record.offset += layout_.object.size) {
      if (!holds(record, layout_.object.size, "struct klp_object")) return;
      tables_.records.push_back(record);
      internal_is_zero(record, layout_.object.size,
                       {{layout_.object.name, pointer_size},
                        {layout_.object.funcs, pointer_size},
                        {layout_.object.callbacks, layout_.callbacks.size}});
      if (!is_set(record, layout_.object.name) && !is_set(record, layout_.object.funcs)) return;
      PatchObject object{.record = record, .name = "vmlinux", .functions = {}, .callbacks = {}};
      if (is_set(record, layout_.object.name)) {
        object.is_module = true;
        object.name = string(record, layout_.object.name);
      }
      const auto& callbacks = layout_.callbacks;
      for (const auto& [kind, offset] :
           {std::pair{"pre_patch", callbacks.pre_patch}, std::pair{"post_patch", callbacks.post_patch},
            std::pair{"pre_unpatch", callbacks.pre_unpatch}, std::pair{"post_unpatch", callbacks.post_unpatch}}) {
        const auto field = layout_.object.callbacks + offset;
        if (is_set(record, field)) object.callbacks.push_back({kind, pointer(record, field)});
      }
      if (const auto functions = pointer(record, layout_.object.funcs)) read_functions(*functions, object);
      tables_.objects.push_back(std::move(object));
    }
  }

  void read_functions(Place first, PatchObject& object) {
    const auto& layout = layout_.function;
    for (Place record = first;; record.offset += layout.size) {
      if (!holds(record, layout.size, "struct klp_func")) return;
      tables_.records.push_back(record);
      internal_is_zero(record, layout.size,
                       {{layout.old_name, pointer_size}, {layout.new_func, pointer_size}, {layout.old_sympos, 8}});
      if (!is_set(record, layout.old_name) && !is_set(record, layout.new_func) && !is_set(record, layout.old_sympos))
        return;
      if (++functions_ > most_functions)
        return problem(record, fmt::format("is one of more than {} functions", most_functions));
      object.functions.push_back({.record = record,
                                  .old_name = string(record, layout.old_name),
                                  .position = number<std::uint64_t>(record, layout.old_sympos),
                                  .replacement = pointer(record, layout.new_func)});
    }
  }

  void read_states(Place first) {
    for (Place record = first;; record.offset += layout_.state.size) {
      if (!holds(record, layout_.state.size, "struct klp_state")) return;
      tables_.records.push_back(record);
      const auto id = number<std::uint64_t>(record, layout_.state.id);
      if (id == 0) return;
      tables_.states.push_back({id, number<std::uint32_t>(record, layout_.state.version)});
    }
  }

  const ModuleFile& module_;
  const Code& code_;
  const PatchLayout& layout_;
  PatchTables tables_;
  std::size_t functions_ = 0;
};

}  // namespace

Result<PatchLayout> PatchLayout::of(const Shipped& shipped) {
  const auto fields = [&](const char* structure,
                          std::vector<std::pair<const char*, std::uint64_t*>> members) -> Result<std::uint64_t> {
    const auto layout = TRY(shipped.layout(structure));
    for (const auto& [name, offset] : members) {
      const auto* member = layout.find(name);
      if (member == nullptr || member->bit_field)
        return fail("kernel {}: struct {} has no field {}", shipped.release(), structure, name);
      *offset = member->offset();
      if (*offset > layout.size || member->size() > layout.size - *offset)
        return fail("kernel {}: struct {} does not hold its field {}", shipped.release(), structure, name);
    }
    if (layout.size == 0) return fail("kernel {}: struct {} has no size", shipped.release(), structure);
    return layout.size;
  };
  PatchLayout all{};
  all.patch.size = TRY(fields("klp_patch", {{"mod", &all.patch.mod},
                                            {"objs", &all.patch.objs},
                                            {"states", &all.patch.states},
                                            {"replace", &all.patch.replace}}));
  all.object.size = TRY(fields(
      "klp_object", {{"name", &all.object.name}, {"funcs", &all.object.funcs}, {"callbacks", &all.object.callbacks}}));
  all.callbacks.size = TRY(fields("klp_callbacks", {{"pre_patch", &all.callbacks.pre_patch},
                                                    {"post_patch", &all.callbacks.post_patch},
                                                    {"pre_unpatch", &all.callbacks.pre_unpatch},
                                                    {"post_unpatch", &all.callbacks.post_unpatch}}));
  all.function.size = TRY(fields("klp_func", {{"old_name", &all.function.old_name},
                                              {"new_func", &all.function.new_func},
                                              {"old_sympos", &all.function.old_sympos}}));
  all.state.size = TRY(fields("klp_state", {{"id", &all.state.id}, {"version", &all.state.version}}));
  return all;
}

PatchLayout PatchLayout::usual() {
  return {.patch = {.size = 200, .mod = 0, .objs = 8, .states = 16, .replace = 24},
          .object = {.size = 168, .name = 0, .funcs = 8, .callbacks = 16},
          .callbacks = {.size = 40, .pre_patch = 0, .post_patch = 8, .pre_unpatch = 16, .post_unpatch = 24},
          .function = {.size = 152, .old_name = 0, .new_func = 8, .old_sympos = 16},
          .state = {.size = 24, .id = 0, .version = 8}};
}

const PatchFunction* PatchTables::replacing(Place place) const {
  for (const auto& object : objects)
    for (const auto& function : object.functions)
      if (function.replacement == place) return &function;
  return nullptr;
}

PatchTables read_patch_tables(const ModuleFile& module, const Code& code, const PatchLayout& layout) {
  return TableReader(module, code, layout).read();
}

}  // namespace suture::check
