#include "patch/passes/device_ids.h"

#include <numeric>

namespace suture::patch {
namespace {

struct Row {
  ByteView bytes;
  std::vector<Reference> references;  ///< offsets counted from the row
};

std::vector<Row> rows_of(const Program& program, const Piece& piece, std::uint64_t size) {
  std::vector<Row> rows;
  const auto bytes = program.bytes(piece);
  for (std::uint64_t at = 0; at + size <= bytes.size(); at += size) rows.push_back({bytes.subspan(at, size), {}});
  for (auto reference : piece.references) {
    if (reference.offset / size >= rows.size()) continue;
    auto& row = rows[reference.offset / size];
    reference.offset %= size;
    row.references.push_back(reference);
  }
  return rows;
}

bool same_row(const Comparison& comparison, const Row& a, const Row& b) {
  return std::ranges::equal(a.bytes, b.bytes) &&
         std::ranges::equal(a.references, b.references,
                            [&](const Reference& o, const Reference& p) { return comparison.same_reference(o, p); });
}

}  // namespace

// include/linux/module.h: an alias "__mod_usb__products_device_table" of the list "products".
std::string device_ids_name(const Program& patched, PieceIndex piece) {
  constexpr std::string_view prefix = "__mod_";
  constexpr std::string_view suffix = "_device_table";
  for (const auto symbol : patched.pieces[piece].symbols) {
    std::string_view name = patched.object->symbols[symbol].name;
    if (!name.starts_with(prefix) || !name.ends_with(suffix)) continue;
    name.remove_prefix(prefix.size());
    name.remove_suffix(suffix.size());
    const auto type = name.find("__");
    return std::string(type == std::string_view::npos ? name : name.substr(type + 2));
  }
  return "";
}

// How long a row is, is not known; but both lists are made of whole ones, and so is what both sizes can be
// divided by. Larger steps than rows find less, never more.
bool only_adds_ids(const Pair& pair, const Comparison& comparison, PieceIndex original, PieceIndex patched) {
  const auto& o = pair.original.pieces[original];
  const auto& p = pair.patched.pieces[patched];
  if (o.kind != PieceKind::variable || p.kind != PieceKind::variable || o.size == 0 || p.size <= o.size) return false;
  const auto step = std::gcd(o.size, p.size);
  const auto before = rows_of(pair.original, o, step);
  const auto after = rows_of(pair.patched, p, step);
  if (before.empty()) return false;
  auto next = before.begin();
  for (const auto& row : after) {
    if (next != before.end() && same_row(comparison, *next, row)) ++next;
  }
  return next == before.end();
}

}  // namespace suture::patch
