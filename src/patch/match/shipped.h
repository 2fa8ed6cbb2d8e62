// What matching needs to know of a shipped object: vmlinux and modules behind one face.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "elf/object.h"
#include "patch/match/match.h"

namespace suture::image {
class Kallsyms;
}

namespace suture::patch::matching {

/// Somewhere in a shipped object. vmlinux is one space of virtual addresses; each section of a
/// module is a space of offsets. Offsets wrap, so that a place can stand for a section's beginning
/// even where only places in the section are known.
struct Place {
  std::uint32_t space = 0;
  std::uint64_t offset = 0;
  auto operator<=>(const Place&) const = default;
};
inline Place operator+(Place place, std::uint64_t distance) { return {place.space, place.offset + distance}; }
inline Place operator-(Place place, std::uint64_t distance) { return {place.space, place.offset - distance}; }

enum class Binding {
  local,
  global,  ///< other files of the object can refer to it
  weak,
  unknown,  ///< kallsyms does not tell for per-CPU variables
};

/// A shipped symbol of some name.
struct Occurrence {
  Place place;
  std::size_t index = 0;  ///< to ask Shipped::symbol() for it
  Binding binding = Binding::unknown;
  bool imported = false;  ///< undefined: the shipped object uses it, but has it from elsewhere
};

class Shipped {
 public:
  Shipped() = default;
  Shipped(const Shipped&) = delete;
  Shipped& operator=(const Shipped&) = delete;
  virtual ~Shipped() = default;

  /// Every symbol called `name`. Undefined symbols of a module have places too, each its own.
  virtual std::vector<Occurrence> named(std::string_view name) const = 0;

  /// Whether an input section called `section` can have been linked into the place's space.
  virtual bool can_hold(Place place, std::string_view section) const = 0;

  /// None where the shipped object has no such bytes.
  virtual std::optional<ByteView> bytes(Place place, std::uint64_t length) const = 0;

  /// Where the symbol of `relocation`, which the rebuilt object applies to what was shipped at
  /// `field`, must be for the field to hold what it holds. None when the shipped object does not
  /// relocate that place in that way.
  virtual std::optional<Place> symbol_place(Place field, const elf::Relocation& relocation) const = 0;

  /// The places within [begin, begin + length) that the shipped object relocates, where that is
  /// known; none where it is not.
  virtual std::optional<std::vector<Place>> relocated_places(Place begin, std::uint64_t length) const = 0;

  /// How livepatch finds the symbol; fails if it cannot.
  virtual Result<ShippedSymbol> symbol(std::size_t index) const = 0;

  /// What is there: "tcp_v4_rcv+0x10".
  virtual std::string describe(Place place) const = 0;
  /// Where that is: "0xffffffff81a2c4d0", ".text+0x40".
  virtual std::string locate(Place place) const = 0;
};

/// As KernelImage::bytes_at().
using BytesAt = std::function<Result<ByteView>(std::uint64_t address, std::uint64_t length)>;

/// A linked kernel. `symbols` must outlive it.
std::unique_ptr<Shipped> shipped_kernel(const image::Kallsyms& symbols, BytesAt bytes_at);

/// The work of match_vmlinux and match_module.
Result<MatchResult> match_object(const elf::Object& rebuilt, const Shipped& shipped,
                                 const std::vector<std::string>& names);

}  // namespace suture::patch::matching
