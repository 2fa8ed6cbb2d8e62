#include "image/btf.h"

#include <algorithm>
#include <set>

namespace suture::image {
namespace {

// include/uapi/linux/btf.h
constexpr std::uint16_t btf_magic = 0xeb9f;
constexpr std::uint64_t record_size = 12;
enum Kind : std::uint32_t {
  kind_int = 1,
  kind_pointer,
  kind_array,
  kind_struct,
  kind_union,
  kind_enum,
  kind_forward,
  kind_typedef,
  kind_volatile,
  kind_const,
  kind_restrict,
  kind_function,
  kind_prototype,
  kind_variable,
  kind_data_section,
  kind_float,
  kind_declaration_tag,
  kind_type_tag,
  kind_enum64,
};

// Deeper than any C that a compiler accepts in practice; loops of typedefs end here.
constexpr int deepest = 64;
constexpr std::size_t most_members = 1U << 16;

/// How many bytes follow the record of a type; none for a kind that we do not know.
std::optional<std::uint64_t> trailing_size(std::uint32_t kind, std::uint64_t count) {
  switch (kind) {
    case kind_int:
    case kind_variable:
    case kind_declaration_tag:
      return 4;
    case kind_array:
      return 12;
    case kind_struct:
    case kind_union:
    case kind_data_section:
    case kind_enum64:
      return 12 * count;
    case kind_enum:
    case kind_prototype:
      return 8 * count;
    case kind_pointer:
    case kind_forward:
    case kind_typedef:
    case kind_volatile:
    case kind_const:
    case kind_restrict:
    case kind_function:
    case kind_float:
    case kind_type_tag:
      return 0;
    default:
      return std::nullopt;
  }
}

}  // namespace

const Member* Layout::find(std::string_view name) const {
  const auto found = std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.name == name; });
  return found == members.end() ? nullptr : &*found;
}

Result<Btf> Btf::parse(Bytes section, std::string_view name) {
  Btf btf(std::move(section), std::string(name));
  TRY(btf.index_types());
  return btf;
}

Status Btf::index_types() {
  const Reader reader(section_, name_);
  const auto magic = TRY(reader.at<std::uint16_t>(0));
  const auto version = TRY(reader.at<std::uint8_t>(2));
  if (magic != btf_magic) return fail("{}: is not BTF: begins with {:#06x}, not {:#06x}", name_, magic, btf_magic);
  if (version != 1) return fail("{}: BTF version {} is not known; 1 is", name_, version);
  const std::uint64_t header = TRY(reader.at<std::uint32_t>(4));
  const auto types_begin = header + TRY(reader.at<std::uint32_t>(8));
  const auto types_size = TRY(reader.at<std::uint32_t>(12));
  strings_begin_ = header + TRY(reader.at<std::uint32_t>(16));
  strings_size_ = TRY(reader.at<std::uint32_t>(20));
  TRY(reader.slice(types_begin, types_size), "reading the types");
  TRY(reader.slice(strings_begin_, strings_size_), "reading the strings");
  if (section_.size() > UINT32_MAX) return fail("{}: is larger than 4 GiB", name_);

  const auto types_end = types_begin + types_size;
  for (auto at = types_begin; at < types_end;) {
    if (types_end - at < record_size)
      return fail("{}: type {} at offset {:#x} is cut short", name_, types_.size() + 1, at);
    const auto info = load_le<std::uint32_t>(section_, at + 4);
    const auto kind = (info >> 24) & 0x1f;
    const auto trailing = trailing_size(kind, info & 0xffff);
    if (!trailing)
      return fail("{}: type {} at offset {:#x} is of an unknown kind, {}", name_, types_.size() + 1, at, kind);
    if (types_end - at - record_size < *trailing)
      return fail("{}: type {} at offset {:#x} is cut short", name_, types_.size() + 1, at);
    types_.push_back(static_cast<std::uint32_t>(at));
    at += record_size + *trailing;
  }
  return {};
}

Result<std::string_view> Btf::string(std::uint32_t offset) const {
  const auto strings = as_text(ByteView(section_).subspan(strings_begin_, strings_size_));
  const auto end = strings.find('\0', offset);
  if (end == std::string_view::npos)
    return fail("{}: there is no string at offset {:#x} of the strings", name_, offset);
  return strings.substr(offset, end - offset);
}

Result<Btf::Type> Btf::type_at(std::uint64_t offset) const {
  const auto info = load_le<std::uint32_t>(section_, offset + 4);
  return Type{offset,
              TRY(string(load_le<std::uint32_t>(section_, offset)), "type at offset {:#x}", offset),
              (info >> 24) & 0x1f,
              info & 0xffff,
              (info >> 31) != 0,
              load_le<std::uint32_t>(section_, offset + 8)};
}

Result<Btf::Type> Btf::type(std::uint64_t id) const {
  if (id == 0 || id > types_.size()) return fail("{}: there is no type {}; the last is {}", name_, id, types_.size());
  return type_at(types_[id - 1]);
}

// What an array has as elements, a typedef stands for and a qualifier qualifies; nothing for other types.
std::optional<std::uint32_t> Btf::made_of(const Type& type) const {
  switch (type.kind) {
    case kind_array:
      return load_le<std::uint32_t>(section_, type.offset + record_size);
    case kind_typedef:
    case kind_volatile:
    case kind_const:
    case kind_restrict:
    case kind_type_tag:
      return type.size_or_target;
    default:
      return std::nullopt;
  }
}

Result<Btf::Extent> Btf::extent(std::uint64_t id) const {
  std::uint64_t elements = 1;
  for (int depth = 0; depth < deepest; ++depth) {
    if (id == 0) return Extent{0, {}};  // void, which GCC writes for a vector
    const auto here = TRY(type(id));
    if (const auto inner = made_of(here)) {
      id = *inner;
      if (here.kind == kind_array &&
          __builtin_mul_overflow(elements, load_le<std::uint32_t>(section_, here.offset + record_size + 8), &elements))
        return fail("{}: the array type {} is too large", name_, id);
      continue;
    }
    std::uint64_t bytes = 0;
    switch (here.kind) {
      case kind_int:
      case kind_struct:
      case kind_union:
      case kind_enum:
      case kind_enum64:
      case kind_float:
        bytes = here.size_or_target;
        break;
      case kind_pointer:
        bytes = 8;
        break;
      default:
        return fail("{}: type {} has no size", name_, id);
    }
    std::uint64_t bits = 0;
    if (__builtin_mul_overflow(bytes * 8, elements, &bits)) return fail("{}: type {} is too large", name_, id);
    const bool is_structure = here.kind == kind_struct || here.kind == kind_union;
    return Extent{bits, is_structure ? here.name : std::string_view()};
  }
  return fail("{}: type {} refers to itself, or is nested too deeply", name_, id);
}

Status Btf::add_members(const Type& structure, std::uint64_t base_bits, int depth, Layout& layout) const {
  if (depth >= deepest) return fail("{}: the type at offset {:#x} is nested too deeply", name_, structure.offset);
  for (std::uint32_t i = 0; i < structure.member_count; ++i) {
    const auto at = structure.offset + record_size + 12 * std::uint64_t{i};
    const auto name = TRY(string(load_le<std::uint32_t>(section_, at)), "member at offset {:#x}", at);
    const auto id = load_le<std::uint32_t>(section_, at + 4);
    const auto packed = load_le<std::uint32_t>(section_, at + 8);
    const auto offset = base_bits + (structure.has_bit_fields ? packed & 0xffffff : packed);
    const auto width = structure.has_bit_fields ? packed >> 24 : 0;
    if (name.empty() && width == 0 && id != 0) {
      const auto inner = TRY(type(id), "member at offset {:#x}", at);
      if (inner.kind == kind_struct || inner.kind == kind_union) {
        TRY(add_members(inner, offset, depth + 1, layout));
        continue;
      }
    }
    if (layout.members.size() == most_members) return fail("{}: a type has more than {} members", name_, most_members);
    const auto [size, member_type] =
        width != 0 ? Extent{width, {}} : TRY(extent(id), "member '{}' at offset {:#x}", name, at);
    layout.members.push_back({std::string(name), offset, size, width != 0, std::string(member_type)});
  }
  return {};
}

Result<Layout> Btf::layout(const Type& structure) const {
  Layout layout{structure.size_or_target, {}};
  TRY(add_members(structure, 0, 0, layout));
  return layout;
}

Result<Layout> Btf::structure(std::string_view name) const {
  std::optional<Layout> found;
  for (const auto offset : types_) {
    const auto kind = (load_le<std::uint32_t>(section_, offset + 4) >> 24) & 0x1f;
    if (kind != kind_struct && kind != kind_union) continue;
    const auto candidate = TRY(type_at(offset));
    if (candidate.name != name) continue;
    auto here = TRY(layout(candidate), "layout of '{}'", name);
    if (found && *found != here) return fail("{}: describes several different structs called '{}'", name_, name);
    found = std::move(here);
  }
  if (!found) return fail("{}: describes no struct or union called '{}'", name_, name);
  return std::move(*found);
}

Result<std::map<std::string, std::vector<Layout>, std::less<>>> Btf::structures() const {
  std::map<std::string, std::vector<Layout>, std::less<>> all;
  for (const auto offset : types_) {
    auto type = TRY(type_at(offset));
    const auto name = std::string(type.name);
    if (name.empty()) continue;
    if (type.kind == kind_typedef && type.size_or_target != 0) {
      type = TRY(this->type(type.size_or_target), "typedef '{}'", name);
      if (!type.name.empty()) continue;
    }
    if (type.kind != kind_struct && type.kind != kind_union) continue;
    auto here = TRY(layout(type), "layout of '{}'", name);
    auto& known = all[name];
    if (std::ranges::find(known, here) == known.end()) known.push_back(std::move(here));
  }
  return all;
}

Status Btf::hold(std::uint64_t id, std::set<std::string, std::less<>>& held) const {
  std::string_view alias;
  for (int depth = 0; depth < deepest && id != 0; ++depth) {
    const auto here = TRY(type(id));
    if (here.kind == kind_struct || here.kind == kind_union) {
      held.emplace(here.name.empty() ? alias : here.name);
      return {};
    }
    if (here.kind == kind_typedef) alias = here.name;
    const auto inner = here.kind == kind_pointer ? here.size_or_target : made_of(here);
    if (!inner) return {};
    id = *inner;
  }
  return id == 0 ? Status{} : fail("{}: type {} refers to itself, or is nested too deeply", name_, id);
}

Result<std::set<std::string, std::less<>>> Btf::held() const {
  std::set<std::string, std::less<>> all;
  for (const auto offset : types_) {
    const auto type = TRY(type_at(offset));
    if (type.kind == kind_variable) TRY(hold(type.size_or_target, all), "variable '{}'", type.name);
    if (type.kind != kind_struct && type.kind != kind_union) continue;
    for (std::uint32_t i = 0; i < type.member_count; ++i) {
      const auto member = type.offset + record_size + 12 * std::uint64_t{i};
      TRY(hold(load_le<std::uint32_t>(section_, member + 4), all), "a member of '{}'", type.name);
    }
  }
  return all;
}

}  // namespace suture::image
