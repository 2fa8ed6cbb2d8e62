#include "builder/promotion/candidates.h"

#include <algorithm>
#include <map>

namespace suture::builder {
namespace {

constexpr std::size_t most_neighbours = 12;  // on each side
constexpr std::size_t most_files = 6;

bool is_function(const image::KernelSymbol& symbol) {
  return std::string_view("tTwW").find(symbol.type) != std::string_view::npos && !symbol.name.starts_with("__pfx_");
}

}  // namespace

std::vector<std::string> Candidates::of(const image::KernelImage& kernel, std::uint64_t address) const {
  const auto& symbols = kernel.symbols().symbols();
  const auto at = kernel.symbols().symbol_at(address);
  if (!at) return {};
  std::vector<std::string> neighbours;
  for (auto i = *at; i > 0 && neighbours.size() < most_neighbours; --i) {
    if (is_function(symbols[i - 1])) neighbours.push_back(symbols[i - 1].name);
  }
  for (auto i = *at; i < symbols.size() && neighbours.size() < 2 * most_neighbours; ++i) {
    if (is_function(symbols[i])) neighbours.push_back(symbols[i].name);
  }
  return rank(symbols[*at].name, neighbours);
}

std::vector<std::string> Candidates::of(const image::ShippedModule& module, elf::SymbolIndex function) const {
  const auto& symbols = module.object().symbols;
  std::vector<elf::SymbolIndex> together;
  for (elf::SymbolIndex i = 1; i < symbols.size(); ++i) {
    if (symbols[i].is_function() && symbols[i].section == symbols[function].section) together.push_back(i);
  }
  std::ranges::stable_sort(together, {}, [&](elf::SymbolIndex i) { return symbols[i].value; });
  const auto at = static_cast<std::size_t>(std::ranges::find(together, function) - together.begin());
  std::vector<std::string> neighbours;
  const auto from = at - std::min(at, most_neighbours);
  for (auto i = from; i < std::min(together.size(), at + most_neighbours); ++i)
    neighbours.push_back(symbols[together[i]].name);
  return rank(symbols[function].name, neighbours);
}

// A name that only few files define says more.
std::vector<std::string> Candidates::rank(const std::string& name, const std::vector<std::string>& neighbours) const {
  std::map<std::string, double> near;
  for (const auto& neighbour : neighbours) {
    const auto files = definitions_.files_of(neighbour);
    for (const auto& file : files) near[file] += 1.0 / static_cast<double>(files.size());
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
