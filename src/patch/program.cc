#include "patch/program.h"

#include <algorithm>
#include <cctype>

#include "patch/split.h"

namespace suture::patch {

bool Piece::is_content() const {
  switch (kind) {
    case PieceKind::function:
      return false;
    case PieceKind::code:
    case PieceKind::anonymous:
    case PieceKind::string:
    case PieceKind::constant:
      return true;
    case PieceKind::variable:
      break;
  }
  // What GCC makes out of code, or out of its own head: switch tables and function names.
  const auto base = base_name(name);
  return base == "CSWTCH" || base == "__func__" || base == "__PRETTY_FUNCTION__" || base == "__FUNCTION__";
}

ByteView Program::bytes(const Piece& piece) const {
  const auto& data = section(piece).data;
  if (data.empty()) return {};
  return ByteView(data).subspan(piece.start, piece.size);
}

ByteView Program::bytes(const TableEntry& entry) const {
  return ByteView(object->sections[entry.section].data).subspan(entry.offset, entry.size);
}

std::uint64_t Program::entry_offset(const Piece& function) const {
  return object->symbols[function.symbol].value - function.start;
}

std::string base_name(std::string_view name) {
  std::string base;
  const auto is_digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  std::size_t i = 0;
  while (i < name.size()) {
    if (name[i] == '.' && i + 1 < name.size() && is_digit(name[i + 1])) {
      std::size_t end = i + 1;
      while (end < name.size() && is_digit(name[end])) ++end;
      if (end == name.size() || name[end] == '.') {
        i = end;
        continue;
      }
    }
    base += name[i++];
  }
  // include/linux/compiler.h: __UNIQUE_ID(prefix) is __UNIQUE_ID_ prefix __COUNTER__.
  if (base.starts_with("__UNIQUE_ID_")) {
    while (is_digit(base.back())) base.pop_back();
  }
  return base;
}

Result<Program> make_program(const elf::Object& object, const EntrySizes& sizes, std::string_view name) {
  auto split = split_object(object);
  TRY(resolve_references(split, sizes), "{}", name);
  return std::move(split.program);
}

}  // namespace suture::patch
