// Writes kallsyms tables as a kernel holds them, in each of the known layouts, for tests and fuzzing.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "image/kallsyms.h"

namespace suture::image::testing {

enum class KallsymsLayout {
  offsets_first,           ///< 6.1 as released
  offsets_first_and_seqs,  ///< 6.2, and 6.1's later stable releases
  offsets_last,            ///< 6.4 to 6.14
};

class KallsymsBuilder {
 public:
  KallsymsLayout layout = KallsymsLayout::offsets_last;
  bool absolute_percpu = true;
  std::uint64_t base = 0xffffffff81000000;
  std::vector<KernelSymbol> symbols;  ///< by ascending address

  Bytes build() const {
    Bytes out;
    const bool first = layout != KallsymsLayout::offsets_last;
    if (first) {
      append(out, offsets());
      append(out, u64(base));
    }
    append(out, u64(symbols.size()));
    Bytes markers;
    append(out, names(markers));
    append(out, markers);
    if (layout == KallsymsLayout::offsets_first_and_seqs) append(out, seqs());
    Bytes index;
    append(out, tokens(index));
    append(out, index);
    if (!first) {
      append(out, offsets());
      append(out, u64(base));
      append(out, seqs());
    }
    return out;
  }

 private:
  /// Characters that occur in names stand for themselves; the rest of the codes for pairs.
  static std::string token(std::size_t code) {
    if (code > ' ' && code < 0x7f) return {static_cast<char>(code)};
    return {static_cast<char>('a' + code % 26), static_cast<char>('a' + code / 26)};
  }
  /// Pairs where the table has them, single characters otherwise. The type stays alone.
  static std::string encode(const KernelSymbol& symbol) {
    static const auto pairs = [] {
      std::map<std::string, char, std::less<>> found;
      for (std::size_t code = 0; code < 256; ++code)
        if (token(code).size() == 2) found.emplace(token(code), static_cast<char>(code));
      return found;
    }();
    std::string codes(1, symbol.type);
    for (std::size_t i = 0; i < symbol.name.size(); ++i) {
      const auto pair = pairs.find(std::string_view(symbol.name).substr(i, 2));
      codes += pair != pairs.end() ? pair->second : symbol.name[i];
      if (pair != pairs.end()) ++i;
    }
    return codes;
  }

  static void append(Bytes& out, const Bytes& part) {
    out.insert(out.end(), part.begin(), part.end());
    out.resize(align_up(out.size(), 8));
  }
  static Bytes u64(std::uint64_t value) {
    Bytes bytes;
    append_le(bytes, value);
    return bytes;
  }
  Bytes offsets() const {
    Bytes bytes;
    for (const auto& symbol : symbols) {
      const auto up = symbol.address < base ? symbol.address : symbol.address - base;
      const auto down = symbol.address < base ? symbol.address : base - symbol.address - 1;
      append_le(bytes, static_cast<std::uint32_t>(absolute_percpu ? down : up));
    }
    return bytes;
  }
  Bytes names(Bytes& markers) const {
    Bytes bytes;
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      if (i % 256 == 0) append_le(markers, static_cast<std::uint32_t>(bytes.size()));
      const auto codes = encode(symbols[i]);
      if (codes.size() < 128) {
        bytes.push_back(static_cast<std::uint8_t>(codes.size()));
      } else {
        bytes.push_back(static_cast<std::uint8_t>(codes.size() % 128 + 128));
        bytes.push_back(static_cast<std::uint8_t>(codes.size() / 128));
      }
      bytes.insert(bytes.end(), codes.begin(), codes.end());
    }
    return bytes;
  }
  Bytes seqs() const {
    std::vector<std::size_t> order(symbols.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return symbols[a].name < symbols[b].name; });
    Bytes bytes;
    for (const auto i : order)
      for (const int shift : {16, 8, 0}) bytes.push_back(static_cast<std::uint8_t>(i >> shift));
    return bytes;
  }
  static Bytes tokens(Bytes& index) {
    Bytes bytes;
    for (std::size_t code = 0; code < 256; ++code) {
      append_le(index, static_cast<std::uint16_t>(bytes.size()));
      const auto text = token(code);
      bytes.insert(bytes.end(), text.begin(), text.end());
      bytes.push_back(0);
    }
    return bytes;
  }
};

}  // namespace suture::image::testing
