#include "builder/promotion/candidates.h"

#include <algorithm>
#include <map>

namespace suture::builder {
namespace {

// On each side: those that count, and those that are looked at. Macros make whole rows of functions whose
// names stand nowhere.
constexpr std::size_t most_neighbours = 8;
constexpr std::size_t farthest_neighbour = 400;
constexpr std::size_t most_files = 6;

bool is_function(const image::KernelSymbol& symbol) {
  return std::string_view("tTwW").find(symbol.type) != std::string_view::npos && !symbol.name.starts_with("__pfx_");
}

}  // namespace

std::vector<std::string> Candidates::of(const image::KernelImage& kernel, std::uint64_t address) const {
  const auto& symbols = kernel.symbols().symbols();
  const auto at = kernel.symbols().symbol_at(address);
  if (!at) return {};
  std::vector<std::string> before;
  std::vector<std::string> after;
  for (auto i = *at; i > 0 && before.size() < farthest_neighbour; --i) {
    if (is_function(symbols[i - 1])) before.push_back(symbols[i - 1].name);
  }
  for (auto i = *at; i < symbols.size() && after.size() < farthest_neighbour; ++i) {
    if (is_function(symbols[i])) after.push_back(symbols[i].name);
  }
  return rank(symbols[*at].name, before, after);
}

std::vector<std::string> Candidates::of(const image::ShippedModule& module, elf::SymbolIndex function) const {
  const auto& symbols = module.object().symbols;
  std::vector<elf::SymbolIndex> together;
  for (elf::SymbolIndex i = 1; i < symbols.size(); ++i) {
    if (symbols[i].is_function() && symbols[i].section == symbols[function].section) together.push_back(i);
  }
  std::ranges::stable_sort(together, {}, [&](elf::SymbolIndex i) { return symbols[i].value; });
  const auto at = static_cast<std::size_t>(std::ranges::find(together, function) - together.begin());
  std::vector<std::string> before;
  std::vector<std::string> after;
  for (auto i = at; i > 0; --i) before.push_back(symbols[together[i - 1]].name);
  for (auto i = at; i < together.size(); ++i) after.push_back(symbols[together[i]].name);
  return rank(symbols[function].name, before, after);
}

// A name that only few files define says more.
std::vector<std::string> Candidates::rank(const std::string& name, const std::vector<std::string>& before,
                                          const std::vector<std::string>& after) const {
  std::map<std::string, double> near;
  for (const auto* side : {&before, &after}) {
    std::size_t counted = 0;
    for (std::size_t i = 0; i < std::min(side->size(), farthest_neighbour) && counted < most_neighbours; ++i) {
      const auto files = definitions_.files_of((*side)[i]);
      for (const auto& file : files) near[file] += 1.0 / static_cast<double>(files.size());
      if (!files.empty()) ++counted;
    }
  }
  const auto own = definitions_.files_of(name);
  constexpr double defines_it = 100;
  for (const auto& file : own) near[file] += own.size() == 1 ? defines_it : 1;

  std::vector<std::pair<double, std::string>> ranked;
  for (const auto& [file, score] : near) ranked.emplace_back(-score, file);
  std::ranges::sort(ranked);
  if (ranked.size() > most_files) ranked.resize(most_files);
  std::vector<std::string> files;
  for (const auto& [score, file] : ranked) {
    files.push_back(file);
    for (auto& includer : includers_.sources_reaching(file)) {
      if (includer.ends_with(".c")) files.push_back(std::move(includer));
    }
  }
  return files;
}

}  // namespace suture::builder
