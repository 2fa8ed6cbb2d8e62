#include "patch/emit/tables.h"

#include <algorithm>
#include <cstddef>

#include "patch/emit/module_symbols.h"
#include "patch/emit/scaffold/suture_tables.h"
#include "patch/instructions.h"

namespace suture::patch::emitter {
namespace {

// Where GCC puts such variables, and how it aligns them.
const PieceKind data{.section = ".data", .flags = SHF_ALLOC | SHF_WRITE, .alignment = 32};
const PieceKind read_only{.section = ".rodata", .flags = SHF_ALLOC, .alignment = 16};

class TableWriter {
 public:
  TableWriter(Assembly& assembly, const EmitKernel& kernel, const AuthorWishes& wishes, const Part& scaffold)
      : assembly_(assembly), kernel_(kernel), wishes_(wishes), scaffold_(scaffold) {}

  Result<TableSymbols> write(const std::string& module_name, const std::vector<TableObject>& objects) {
    TableSymbols symbols;
    symbols.this_module = TRY(write_this_module(module_name));
    const auto object_table = TRY(write_objects(objects));
    const auto states = TRY(write_states());
    symbols.patch = TRY(write_patch(symbols.this_module, object_table, states));
    symbols.targets = TRY(write_targets(objects));
    symbols.kernel = TRY(write_kernel());
    return symbols;
  }

 private:
  Result<Place> zeroes(const PieceKind& kind, std::uint64_t size) { return assembly_.append(kind, Bytes(size, 0)); }

  template <std::integral T>
  void put(Place place, T value) {
    store_le(std::span(assembly_.section(place).data), place.offset, value);
  }
  void put(Place place, ByteView bytes) {
    std::copy(bytes.begin(), bytes.end(),
              assembly_.section(place).data.begin() + static_cast<std::ptrdiff_t>(place.offset));
  }

  Status point_to_string(Place field, std::string_view text) {
    assembly_.point(field, TRY(assembly_.string(text)));
    return {};
  }

  Status point_to(Place field, const Part& part, elf::SymbolIndex symbol, std::int64_t addend = 0) {
    const auto target = TRY(assembly_.locate(part, symbol, addend));
    assembly_.point(field, target.symbol, target.addend);
    return {};
  }

  Status point_to_scaffold(Place field, std::string_view function) {
    const auto symbol = scaffold_.object->find_symbol(function);
    if (symbol == 0) return fail("{}: defines no {}", scaffold_.source, function);
    return point_to(field, scaffold_, symbol);
  }

  elf::SymbolIndex name(Place place, std::string symbol, std::uint64_t size, std::uint8_t bind = STB_LOCAL) {
    return assembly_.define({.name = std::move(symbol),
                             .value = place.offset,
                             .size = size,
                             .section = place.section,
                             .bind = bind,
                             .type = STT_OBJECT});
  }

  /// Room for `count` elements and the zeroes that end the array. The name is for people who debug.
  Result<Place> array(std::string symbol, std::uint64_t element, std::uint64_t count) {
    const auto place = TRY(zeroes(data, element * (count + 1)));
    name(place, std::move(symbol), element * (count + 1));
    return place;
  }

  const PartFunction* callback(const std::string& object, Callback callback) const {
    const auto callbacks = wishes_.callbacks.find(object);
    if (callbacks == wishes_.callbacks.end()) return nullptr;
    const auto found = callbacks->second.find(callback);
    return found == callbacks->second.end() ? nullptr : &found->second;
  }

  Status point_to_callback(Place field, const std::string& object, Callback kind) {
    const auto* function = callback(object, kind);
    return function == nullptr ? Status{} : point_to(field, *function->part, function->symbol, function->addend);
  }

  // What modpost writes into NAME.mod.c as __this_module. The loader copies it into place and fills
  // in the rest.
  Result<elf::SymbolIndex> write_this_module(const std::string& module_name) {
    const auto& layout = kernel_.layouts.module;
    if (module_name.size() >= layout.name_size) {
      return fail("a module's name has at most {} characters: {}", layout.name_size - 1, module_name);
    }
    const auto place = TRY(
        zeroes({.section = ".gnu.linkonce.this_module", .flags = SHF_ALLOC | SHF_WRITE, .alignment = 64}, layout.size));
    put({place.section, layout.name}, as_bytes(module_name));
    TRY(point_to_scaffold({place.section, layout.init}, "init_module"));
    TRY(point_to_scaffold({place.section, layout.exit}, "cleanup_module"));
    return name(place, "__this_module", layout.size, STB_GLOBAL);
  }

  Result<Place> write_functions(const std::string& object, const std::vector<TableFunction>& functions) {
    const auto& layout = kernel_.layouts.klp_func;
    const auto table = TRY(array("suture_functions_" + object, layout.size, functions.size()));
    auto at = table;
    for (const auto& function : functions) {
      TRY(point_to_string({at.section, at.offset + layout.old_name}, function.shipped.name));
      assembly_.point({at.section, at.offset + layout.new_func}, function.replacement);
      put<std::uint64_t>({at.section, at.offset + layout.old_sympos}, function.shipped.position);
      at.offset += layout.size;
    }
    return table;
  }

  Result<Place> write_objects(const std::vector<TableObject>& objects) {
    const auto& layout = kernel_.layouts.klp_object;
    const auto table = TRY(array("suture_objects", layout.size, objects.size()));
    auto at = table;
    for (const auto& object : objects) {
      const auto field = [&](std::uint64_t offset) { return Place{at.section, at.offset + offset}; };
      if (object.module != nullptr) TRY(point_to_string(field(layout.name), object.name));
      assembly_.point(field(layout.funcs), TRY(write_functions(object.name, object.functions)));
      if (object.module != nullptr) {
        TRY(point_to_scaffold(field(layout.pre_patch), "suture_enter_target"));
        TRY(point_to_scaffold(field(layout.post_unpatch), "suture_leave_target"));
      } else {
        TRY(point_to_callback(field(layout.pre_patch), object.name, Callback::pre_patch));
        TRY(point_to_callback(field(layout.post_unpatch), object.name, Callback::post_unpatch));
      }
      TRY(point_to_callback(field(layout.post_patch), object.name, Callback::post_patch));
      TRY(point_to_callback(field(layout.pre_unpatch), object.name, Callback::pre_unpatch));
      at.offset += layout.size;
    }
    return table;
  }

  Result<Place> write_states() {
    if (wishes_.states.empty()) return Place{};
    const auto& layout = kernel_.layouts.klp_state;
    const auto table = TRY(array("suture_states", layout.size, wishes_.states.size()));
    auto at = table;
    for (const auto& state : wishes_.states) {
      put({at.section, at.offset + layout.id}, state.id);
      put({at.section, at.offset + layout.version}, state.version);
      at.offset += layout.size;
    }
    return table;
  }

  Result<elf::SymbolIndex> write_patch(elf::SymbolIndex this_module, Place objects, Place states) {
    const auto& layout = kernel_.layouts.klp_patch;
    const auto place = TRY(zeroes(data, layout.size));
    assembly_.point({place.section, place.offset + layout.mod}, this_module);
    assembly_.point({place.section, place.offset + layout.objs}, objects);
    if (states.section != 0) assembly_.point({place.section, place.offset + layout.states}, states);
    put<std::uint8_t>({place.section, place.offset + layout.replace}, 1);
    return name(place, "suture_patch", layout.size);
  }

  Result<elf::SymbolIndex> write_targets(const std::vector<TableObject>& objects) {
    const auto count = static_cast<std::uint64_t>(
        std::count_if(objects.begin(), objects.end(), [](const auto& object) { return object.module != nullptr; }));
    const auto size = sizeof(suture_target) * (count + 1);
    const auto table = TRY(zeroes(data, size));
    auto at = table;
    for (const auto& object : objects) {
      if (object.module == nullptr) continue;
      const auto field = [&](std::uint64_t offset) { return Place{at.section, at.offset + offset}; };
      TRY(point_to_string(field(offsetof(suture_target, object)), object.name));
      TRY(point_to_callback(field(offsetof(suture_target, pre_patch)), object.name, Callback::pre_patch));
      TRY(point_to_callback(field(offsetof(suture_target, post_unpatch)), object.name, Callback::post_unpatch));
      put(field(offsetof(suture_target, build_id)), TRY(from_hex(object.module->build_id())));
      const auto note = TRY(find_build_id_note(*object.module));
      const auto symbol = fmt::format(".klp.sym.{}.{},{}", object.name, note.symbol, note.position);
      assembly_.relocate_late(at.section, object.name,
                              {.offset = field(offsetof(suture_target, note)).offset,
                               .type = R_X86_64_64,
                               .symbol = assembly_.livepatch(symbol),
                               .addend = note.distance});
      at.offset += sizeof(suture_target);
    }
    return name(table, "suture_targets", size);
  }

  Result<elf::SymbolIndex> write_kernel() {
    if (kernel_.build_id.size() != SUTURE_BUILD_ID_SIZE) {
      return fail("the shipped kernel's build-id has {} bytes, not {}", kernel_.build_id.size(), SUTURE_BUILD_ID_SIZE);
    }
    suture_kernel kernel{};
    std::copy(kernel_.build_id.begin(), kernel_.build_id.end(), kernel.build_id);
    const auto place = TRY(assembly_.append(read_only, ByteView(kernel.build_id)));
    return name(place, "suture_kernel", sizeof kernel);
  }

  Assembly& assembly_;
  const EmitKernel& kernel_;
  const AuthorWishes& wishes_;
  const Part& scaffold_;
};

}  // namespace

Result<TableSymbols> write_tables(Assembly& assembly, const EmitKernel& kernel, const std::string& module_name,
                                  const std::vector<TableObject>& objects, const AuthorWishes& wishes,
                                  const Part& scaffold) {
  return TableWriter(assembly, kernel, wishes, scaffold).write(module_name, objects);
}

Status write_late_fields(Assembly& assembly, const TableSymbols& tables, const std::vector<TableObject>& objects,
                         bool kernel_clears) {
  const auto targets = assembly.object().symbols[tables.targets];
  Place target{targets.section, targets.value};
  for (const auto& object : objects) {
    if (object.module == nullptr) continue;
    std::vector<std::pair<Place, std::uint64_t>> fields;
    for (elf::SectionIndex i = 1; i < assembly.object().sections.size(); ++i) {
      for (const auto& table : assembly.object().sections[i].livepatch_relocations) {
        if (!table.name.starts_with(".klp.rela." + object.name + ".")) continue;
        for (const auto& relocation : table.relocations) {
          fields.emplace_back(Place{i, relocation.offset}, relocation_size(relocation.type));
        }
      }
    }
    auto at = TRY(assembly.append(data, Bytes(sizeof(suture_field) * (fields.size() + 1), 0)));
    assembly.point({target.section, target.offset + offsetof(suture_target, fields)}, at);
    for (const auto& [place, size] : fields) {
      assembly.point({at.section, at.offset + offsetof(suture_field, where)}, place);
      store_le<std::uint64_t>(assembly.section(at).data, at.offset + offsetof(suture_field, size), size);
      at.offset += sizeof(suture_field);
    }
    store_le<std::uint32_t>(assembly.section(target).data, target.offset + offsetof(suture_target, kernel_clears),
                            kernel_clears ? 1 : 0);
    target.offset += sizeof(suture_target);
  }
  return {};
}

}  // namespace suture::patch::emitter
