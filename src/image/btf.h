// Struct layouts from a kernel's own type information.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace suture::image {

struct Member {
  std::string name;
  std::uint64_t offset_bits;  ///< from the start of the outermost struct
  std::uint64_t
      size_bits;  ///< of a bit field its width; 0 for a flexible array, and for a vector, which GCC's BTF leaves out
  bool bit_field;
  std::string type = {};  ///< the struct or union that it is, or is an array of; empty for anything else

  std::uint64_t offset() const { return offset_bits / 8; }
  std::uint64_t size() const { return size_bits / 8; }
  bool operator==(const Member&) const = default;
};

struct Layout {
  std::uint64_t size;  ///< in bytes
  /// In declaration order. Members of anonymous structs and unions stand in the place of these.
  std::vector<Member> members;

  /// None if there is no such member.
  const Member* find(std::string_view name) const;
  bool operator==(const Layout&) const = default;
};

/// The types of one kernel image, or of one object that GCC compiled with -gbtf: the content of its
/// .BTF section, as described in Documentation/bpf/btf.rst. Only complete (not split) BTF, little-endian.
class Btf {
 public:
  /// Checks the header and every type's bounds. `name` is what errors call the source.
  static Result<Btf> parse(Bytes section, std::string_view name);

  /// The layout of `struct name` or `union name`. Fails when there is none, when several with
  /// different layouts carry the name, and on types that contradict themselves.
  Result<Layout> structure(std::string_view name) const;

  /// Every struct and union that has a name of its own or is named by a typedef, by that name, and each of
  /// its layouts once: one file may define several of one name, in different blocks. Fails on types that
  /// contradict themselves.
  Result<std::map<std::string, std::vector<Layout>, std::less<>>> structures() const;

  /// Those of them, by name, that a member of a struct or union is or points to, or that a variable with a place of
  /// its own is or points to; in an array or not.
  Result<std::set<std::string, std::less<>>> held() const;

 private:
  struct Type {
    std::uint64_t offset;  ///< of its record in section_
    std::string_view name;
    std::uint32_t kind;
    std::uint32_t member_count;
    bool has_bit_fields;           ///< the record's kind_flag
    std::uint32_t size_or_target;  ///< a size in bytes, or the id of another type
  };

  Btf(Bytes section, std::string name) : section_(std::move(section)), name_(std::move(name)) {}
  Status index_types();
  Result<Type> type(std::uint64_t id) const;
  Result<Type> type_at(std::uint64_t offset) const;
  Result<std::string_view> string(std::uint32_t offset) const;
  std::optional<std::uint32_t> made_of(const Type& type) const;
  struct Extent {
    std::uint64_t bits;
    std::string_view type;  ///< as Member::type
  };
  Result<Extent> extent(std::uint64_t id) const;
  Result<Layout> layout(const Type& structure) const;
  Status hold(std::uint64_t id, std::set<std::string, std::less<>>& held) const;
  Status add_members(const Type& structure, std::uint64_t base_bits, int depth, Layout& layout) const;

  Bytes section_;
  std::string name_;
  std::uint64_t strings_begin_ = 0;
  std::uint64_t strings_size_ = 0;
  std::vector<std::uint32_t> types_;  ///< offsets in section_; the type with id 1 comes first
};

}  // namespace suture::image
