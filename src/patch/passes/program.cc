#include "patch/passes/program.h"

#include <algorithm>
#include <cctype>

#include "patch/passes/split.h"

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
  const auto full = base_name(name);
  const auto base = local_name(full);
  return base == "CSWTCH" || base == "__func__" || base == "__PRETTY_FUNCTION__" || base == "__FUNCTION__";
}

ByteView Program::bytes(const Piece& piece) const {
  const auto& data = section(piece).data;
  if (data.empty()) return {};
  return ByteView(data).subspan(piece.start, piece.size);
}

ByteView Program::bytes(const TableEntry& entry) const {
  const ByteView data = object->sections[entry.section].data;
  return data.subspan(entry.offset, std::min<std::uint64_t>(entry.size, data.size() - entry.offset));
}

std::uint64_t Program::entry_offset(const Piece& function) const {
  return object->symbols[function.symbol].value - function.start;
}

PieceIndex whole(const Program& program, PieceIndex piece) {
  const auto parent = program.pieces[piece].parent;
  return parent == no_piece ? piece : parent;
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
  // include/linux/compiler.h: __UNIQUE_ID(prefix) is __UNIQUE_ID_ prefix __COUNTER__. Clang puts the
  // function in front: "probe.__UNIQUE_ID_ddebug12". include/linux/btf_ids.h: __BTF_ID__KIND__NAME__,
  // __COUNTER__ and __LINE__.
  const auto dot = base.rfind('.');
  const auto own = std::string_view(base).substr(dot == std::string::npos ? 0 : dot + 1);
  if (own.starts_with("__UNIQUE_ID_") || own.starts_with("__BTF_ID__")) {
    while (is_digit(base.back())) base.pop_back();
  }
  return base;
}

std::string_view local_name(std::string_view base) { return base.substr(base.rfind('.') + 1); }

Result<Program> make_program(const elf::Object& object, const EntrySizes& sizes, std::string_view name) {
  auto split = split_object(object);
  TRY(resolve_references(split, sizes), "{}", name);
  return std::move(split.program);
}

}  // namespace suture::patch
