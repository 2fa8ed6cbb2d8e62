#include "patch/bind/bind.h"

#include <algorithm>
#include <optional>
#include <set>

#include "patch/passes/tables.h"

namespace suture::patch {
namespace {

using elf::SymbolIndex;

// A source file's run of local symbols in the shipped image: [begin, end) of the list.
struct Block {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// Local symbols that the link keeps: those that can tell one file from another.
bool stays(const elf::Object& object, const elf::Symbol& symbol) {
  if (!symbol.is_defined() || !symbol.is_local()) return false;
  if (symbol.type != STT_FUNC && symbol.type != STT_OBJECT) return false;
  const auto& section = object.sections[symbol.section];
  return section.is_allocated() && !is_ignored(section.name) && !section.name.starts_with(".exit") &&
         !symbol.name.starts_with(".L");
}

class Binder {
 public:
  Binder(Delta& delta, const elf::Object& original, const SymbolList& shipped, std::string_view object)
      : delta_(delta), original_(original), shipped_(shipped), object_(object) {}

  Bound run() {
    find_blocks();
    for (const auto& function : delta_.functions) {
      if (function.original_symbol == 0) continue;
      if (const auto found = find(function.original_symbol))
        bound_.positions[function.name] = shipped_.position(*found);
    }
    for (const auto& reference : delta_.references) {
      if (const auto found = target_of(reference)) make_livepatch_symbol(reference.symbol, *found);
    }
    if (bound_.refusals.empty()) move_relocations();
    return std::move(bound_);
  }

 private:
  // Which block of the list each FILE of the original object is. An object linked from several files
  // has several.
  void find_blocks() {
    SymbolIndex file = 0;
    std::map<SymbolIndex, std::vector<SymbolIndex>> locals;
    file_of_.assign(original_.symbols.size(), 0);
    for (SymbolIndex i = 1; i < original_.symbols.size(); ++i) {
      const auto& symbol = original_.symbols[i];
      if (symbol.type == STT_FILE) {
        file = i;
        locals[file];
      }
      file_of_[i] = file;
      if (stays(original_, symbol)) locals[file].push_back(i);
    }
    for (const auto& [index, names] : locals) blocks_[index] = fitting_blocks(index, names);
  }

  std::vector<Block> fitting_blocks(SymbolIndex file, const std::vector<SymbolIndex>& locals) {
    std::vector<Block> fitting;
    if (file == 0) return fitting;
    const auto& name = original_.symbols[file].name;
    const auto& all = shipped_.symbols();
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (!all[i].file || all[i].name != name) continue;
      Block block{i + 1, i + 1};
      std::set<std::string_view> has;
      while (block.end < all.size() && all[block.end].local && !all[block.end].file) has.insert(all[block.end++].name);
      const auto missing = std::find_if(locals.begin(), locals.end(), [&](SymbolIndex local) {
        return !has.contains(original_.symbols[local].name);
      });
      if (missing == locals.end()) {
        fitting.push_back(block);
      } else {
        missing_.try_emplace(file, original_.symbols[*missing].name);
      }
    }
    return fitting;
  }

  // The symbol of the shipped image that an original symbol is, or a refusal.
  std::optional<std::size_t> find(SymbolIndex index) {
    const auto& symbol = original_.symbols[index];
    const auto& all = shipped_.named(symbol.name);
    if (all.empty()) {
      refuse("unresolved-symbol", symbol.name, "the list of shipped symbols does not hold it",
             shipped_.cuts(symbol.name)
                 ? "the list holds its first 25 characters: make it with readelf -s --wide, which cuts no names"
                 : "check that the list is of the kernel or module that the original object was built for");
      return std::nullopt;
    }
    if (!symbol.is_local()) {
      const auto global = std::find_if(all.begin(), all.end(), [&](auto i) { return !shipped_.symbols()[i].local; });
      if (global != all.end()) return *global;
      if (all.size() == 1) return all.front();  // made local when the image was linked
    } else if (!shipped_.has_files()) {
      // A stripped module keeps local symbols, but not the names of files: only a single name tells.
      if (all.size() == 1) return all.front();
    } else {
      return find_local(symbol, file_of_[index], all);
    }
    refuse("ambiguous-symbol", symbol.name,
           fmt::format("the shipped object has {} symbols of that name, and nothing tells which one it is", all.size()),
           "take the list from an image with FILE symbols (the debug package's), or build with a kit");
    return std::nullopt;
  }

  std::optional<std::size_t> find_local(const elf::Symbol& symbol, SymbolIndex file,
                                        const std::vector<std::size_t>& all) {
    std::vector<std::size_t> ours;
    for (const auto& block : blocks_[file]) {
      std::copy_if(all.begin(), all.end(), std::back_inserter(ours),
                   [&](std::size_t i) { return i >= block.begin && i < block.end; });
    }
    if (ours.size() == 1) return ours.front();
    const auto source = file == 0 ? std::string("its source file") : original_.symbols[file].name;
    if (ours.empty()) {
      const auto missing = missing_.find(file);
      refuse("unresolved-symbol", symbol.name,
             missing == missing_.end()
                 ? fmt::format("the list of shipped symbols has no local symbols of {}", source)
                 : fmt::format("no {} in the list has all local symbols of the original object; {} is missing", source,
                               missing->second),
             "check that the original object was compiled like the shipped one: same source, compiler and options");
    } else {
      refuse(
          "ambiguous-symbol", symbol.name,
          fmt::format("{} files named {} have every local symbol of the original object", blocks_[file].size(), source),
          "build with a kit, which tells them apart by their code");
    }
    return std::nullopt;
  }

  // What needs livepatch's help: what the original object defines, and what the shipped object
  // holds but does not let modules link to. References to a module's own exports are bound as well,
  // since a plain one would demand that the module is loaded before the live patch.
  std::optional<std::size_t> target_of(const DeltaReference& reference) {
    if (reference.original_symbol != 0) return find(reference.original_symbol);
    const auto& name = delta_.object.symbols[reference.symbol].name;
    const auto& all = shipped_.named(name);
    const auto global = std::find_if(all.begin(), all.end(), [&](auto i) { return !shipped_.symbols()[i].local; });
    if (global == all.end()) return std::nullopt;
    const bool linkable = object_ == "vmlinux" && (shipped_.exports(name) || !shipped_.has_exports());
    return linkable ? std::nullopt : std::optional(*global);
  }

  void make_livepatch_symbol(SymbolIndex index, std::size_t found) {
    auto& symbol = delta_.object.symbols[index];
    symbol.name = fmt::format(".klp.sym.{}.{},{}", object_, shipped_.symbols()[found].name, shipped_.position(found));
    symbol.section = elf::shn_livepatch;
    bound_symbols_.insert(index);
  }

  void move_relocations() {
    for (auto& section : delta_.object.sections) {
      auto& all = section.relocations;
      const auto bound = std::stable_partition(
          all.begin(), all.end(), [&](const auto& relocation) { return !bound_symbols_.contains(relocation.symbol); });
      if (bound == all.end()) continue;
      section.livepatch_relocations.push_back(
          {fmt::format(".klp.rela.{}.{}", object_, section.name), {bound, all.end()}});
      all.erase(bound, all.end());
    }
    std::erase_if(delta_.references, [&](const auto& reference) { return bound_symbols_.contains(reference.symbol); });
  }

  void refuse(std::string code, std::string_view symbol, std::string reason, std::string advice) {
    Refusal refusal{std::move(code), fmt::format("{}: {}", delta_.source, symbol), std::move(reason),
                    std::move(advice)};
    auto& all = bound_.refusals;
    if (std::find(all.begin(), all.end(), refusal) == all.end()) all.push_back(std::move(refusal));
  }

  Delta& delta_;
  const elf::Object& original_;
  const SymbolList& shipped_;
  const std::string object_;
  std::vector<SymbolIndex> file_of_;                  // of each original symbol: the FILE before it
  std::map<SymbolIndex, std::vector<Block>> blocks_;  // of each original FILE
  std::map<SymbolIndex, std::string> missing_;        // what the first block of that name lacks
  std::set<SymbolIndex> bound_symbols_;
  Bound bound_;
};

}  // namespace

Bound bind(Delta& delta, const elf::Object& original, const SymbolList& shipped, std::string_view object) {
  return Binder(delta, original, shipped, object).run();
}

}  // namespace suture::patch
