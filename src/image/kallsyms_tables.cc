#include "image/kallsyms_tables.h"

#include <algorithm>
#include <array>
#include <optional>

namespace suture::image {
namespace {

// Five times what a kernel with everything built in has, and far below what seqs could number.
constexpr std::uint32_t most_symbols = 1U << 22;
constexpr std::size_t longest_name = 511;
constexpr std::uint64_t most_text = 64U << 20;

using Tokens = std::array<std::string_view, 256>;

struct TokenTable {
  std::uint64_t begin;  ///< of the strings
  std::uint64_t end;    ///< of the index
  Tokens tokens;
};

struct EncodedName {
  std::uint64_t begin;
  std::uint64_t length;
};

/// The name whose length stands at `at`. The caller has checked that two bytes can be read there.
EncodedName name_at(ByteView names, std::uint64_t at) {
  const std::uint64_t first = names[at];
  if ((first & 0x80) == 0) return {at + 1, first};
  return {at + 2, (first & 0x7f) | (std::uint64_t{names[at + 1]} << 7)};
}

bool zeros(ByteView bytes, std::uint64_t begin, std::uint64_t end) {
  return std::all_of(bytes.begin() + static_cast<std::ptrdiff_t>(begin),
                     bytes.begin() + static_cast<std::ptrdiff_t>(end), [](std::uint8_t byte) { return byte == 0; });
}

/// The token table whose index begins at `place`, if there is one.
std::optional<TokenTable> tokens_at(ByteView bytes, std::uint64_t place) {
  constexpr std::uint64_t index_size = 256 * sizeof(std::uint16_t);
  if (bytes.size() - place < index_size) return std::nullopt;
  std::array<std::uint64_t, 256> starts{};
  for (std::size_t i = 0; i < starts.size(); ++i) {
    starts[i] = load_le<std::uint16_t>(bytes, place + 2 * i);
    if (i == 0 ? starts[i] != 0 : starts[i] <= starts[i - 1]) return std::nullopt;
  }

  // The last string ends just before the index, but for padding; how long it is, nothing says. The
  // strings begin at a multiple of 8, and the byte before the last string is another's NUL.
  std::uint64_t end = place;
  while (end > 0 && place - end < 8 && bytes[end - 1] == 0) --end;
  if (end == place) return std::nullopt;
  ++end;  // its own NUL
  for (std::uint64_t last = end - 1; last > 0 && end - last <= longest_name + 2; --last) {
    if (bytes[last - 1] != 0) continue;
    if (last < starts[255] || (last - starts[255]) % 8 != 0) return std::nullopt;
    TokenTable table{last - starts[255], place + index_size, {}};
    for (std::size_t i = 0; i < starts.size(); ++i) {
      const auto limit = i == 255 ? end - table.begin : starts[i + 1];
      const auto token = as_text(bytes.subspan(table.begin + starts[i], limit - starts[i]));
      if (token.find('\0') != token.size() - 1) return std::nullopt;
      table.tokens[i] = token.substr(0, token.size() - 1);
    }
    return table;
  }
  return std::nullopt;
}

struct Names {
  std::uint32_t count;
  std::uint64_t count_begin;
  std::uint64_t begin;
  std::uint64_t end;
};

/// Looks for the count, the names and the markers before a token table.
class NameSearch {
 public:
  explicit NameSearch(ByteView bytes) : bytes_(bytes), work_left_(8 * bytes.size()) {}

  std::optional<Names> before(std::uint64_t tokens) {
    for (std::uint64_t place = 0; place + 16 <= tokens && work_left_ > 0; place += 8) {
      --work_left_;
      // The count is a u32 with four bytes of padding.
      const auto count = load_le<std::uint64_t>(bytes_, place);
      // A name takes two bytes at least.
      if (count == 0 || count > most_symbols || 2 * count > tokens - place) continue;
      for (const bool seqs : {false, true})
        if (const auto names = names_at(place, tokens, static_cast<std::uint32_t>(count), seqs)) return names;
    }
    return std::nullopt;
  }

 private:
  std::optional<Names> names_at(std::uint64_t place, std::uint64_t tokens, std::uint32_t count, bool seqs) {
    const std::uint64_t blocks = (std::uint64_t{count} + 255) / 256;
    const auto behind = align_up(4 * blocks, 8) + (seqs ? align_up(3 * std::uint64_t{count}, 8) : 0);
    const auto begin = place + 8;
    if (behind > tokens - begin) return std::nullopt;
    const auto markers = tokens - behind;
    const auto marker = [&](std::uint64_t block) { return load_le<std::uint32_t>(bytes_, markers + 4 * block); };
    if (marker(0) != 0 || marker(blocks - 1) >= markers - begin) return std::nullopt;

    std::uint64_t at = begin;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (work_left_ == 0 || markers - at < 2) return std::nullopt;
      --work_left_;
      if (i % 256 == 0 && marker(i / 256) != at - begin) return std::nullopt;
      const auto [name, length] = name_at(bytes_, at);
      if (length == 0 || length > markers - name) return std::nullopt;
      at = name + length;
    }
    if (markers - at >= 8 || !zeros(bytes_, at, markers)) return std::nullopt;
    return Names{count, place, begin, at};
  }

  ByteView bytes_;
  // In all searches together. Data made to look like tables almost everywhere could keep them busy
  // for hours; a real kernel needs less than a fiftieth of this.
  std::uint64_t work_left_;
};

/// The addresses, if `place` can be where the offsets begin and what follows them is their base.
///
/// With CONFIG_KALLSYMS_ABSOLUTE_PERCPU (x86 up to 6.14) an offset that is not negative is itself an
/// address in the per-CPU area, and the others count down from base - 1. Without it all count up
/// from base, unsigned. The table is sorted by address, which tells the two apart: read as
/// unsigned, kernel addresses of the first kind descend.
std::optional<std::vector<std::uint64_t>> addresses_at(ByteView bytes, std::uint64_t place, std::uint32_t count) {
  constexpr std::uint64_t kernel_half = 0xffff800000000000;
  const auto base_place = place + align_up(4 * std::uint64_t{count}, 8);
  if (base_place > bytes.size() || bytes.size() - base_place < 8) return std::nullopt;
  const auto base = load_le<std::uint64_t>(bytes, base_place);
  if (base < kernel_half) return std::nullopt;

  for (const bool absolute_percpu : {true, false}) {
    std::vector<std::uint64_t> addresses(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto offset = load_le<std::uint32_t>(bytes, place + 4 * std::uint64_t{i});
      const bool down = absolute_percpu && static_cast<std::int32_t>(offset) < 0;
      addresses[i] = down ? base + ~offset : absolute_percpu ? offset : base + offset;
    }
    if (addresses.back() >= base && std::is_sorted(addresses.begin(), addresses.end())) return addresses;
  }
  return std::nullopt;
}

/// Expands the names. The search has checked that `names` holds exactly one for each address.
Result<std::vector<KernelSymbol>> decode(ByteView names, const Tokens& tokens,
                                         const std::vector<std::uint64_t>& addresses, std::string_view name) {
  std::vector<KernelSymbol> symbols;
  symbols.reserve(addresses.size());
  std::uint64_t at = 0;
  std::uint64_t total = 0;
  std::string text;
  for (const auto address : addresses) {
    const auto [begin, length] = name_at(names, at);
    text.clear();
    for (const auto token : names.subspan(begin, length)) {
      text += tokens[token];
      if (text.size() > longest_name + 1) break;
    }
    total += text.size();
    if (text.size() < 2 || text.size() > longest_name + 1 || total > most_text)
      return fail("{}: kernel symbol {} of {}: its name is {}", name, symbols.size(), addresses.size(),
                  text.size() < 2 ? "empty" : "too long");
    symbols.push_back({text.substr(1), address, text.front()});
    at = begin + length;
  }
  return symbols;
}

}  // namespace

Result<std::vector<KernelSymbol>> read_kallsyms(ByteView rodata, std::string_view name) {
  NameSearch search(rodata);
  std::string_view missing = "table of tokens";
  for (std::uint64_t place = 0; place + 8 <= rodata.size(); place += 8) {
    const auto tokens = tokens_at(rodata, place);
    if (!tokens) continue;
    missing = "table of names";
    const auto names = search.before(tokens->begin);
    if (!names) continue;
    missing = "table of addresses";
    const auto before = align_up(4 * std::uint64_t{names->count}, 8) + 8;
    auto addresses =
        names->count_begin >= before ? addresses_at(rodata, names->count_begin - before, names->count) : std::nullopt;
    if (!addresses) addresses = addresses_at(rodata, tokens->end, names->count);
    if (!addresses) continue;
    return decode(rodata.subspan(names->begin, names->end - names->begin), tokens->tokens, *addresses, name);
  }
  return fail(
      Error(fmt::format("{}: holds no kernel symbols: no {} was found", name, missing))
          .advise("the kernel must be built with CONFIG_KALLSYMS; symbol tables of Linux 6.1 to 6.14 are known"));
}

}  // namespace suture::image
