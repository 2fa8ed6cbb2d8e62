#include "image/kernel_image.h"
#include "patch/instructions.h"
#include "patch/match/shipped.h"

namespace suture::patch::matching {

namespace {

Binding binding_of(char type) {
  switch (type) {
    case 'A':  // what scripts/kallsyms.c makes of every per-CPU variable, static ones too
      return Binding::unknown;
    case 'W':
    case 'w':
    case 'V':
    case 'v':
      return Binding::weak;
    default:
      return type >= 'a' ? Binding::local : Binding::global;
  }
}

/// One space of addresses as linked. Per-CPU variables are in it with their offsets, near 0.
class ShippedKernel : public Shipped {
 public:
  ShippedKernel(const image::Kallsyms& symbols, BytesAt bytes_at) : symbols_(symbols), bytes_at_(std::move(bytes_at)) {}

  std::vector<Occurrence> named(std::string_view name) const override {
    std::vector<Occurrence> result;
    for (const auto index : symbols_.named(name)) {
      const auto& symbol = symbols_.symbols()[index];
      result.push_back(
          {.place = {.space = 0, .offset = symbol.address}, .index = index, .binding = binding_of(symbol.type)});
    }
    return result;
  }

  bool can_hold(Place, std::string_view) const override { return true; }

  std::optional<ByteView> bytes(Place place, std::uint64_t length) const override {
    auto found = bytes_at_(place.offset, length);
    return found ? std::optional(*found) : std::nullopt;
  }

  std::optional<Place> symbol_place(Place field, const elf::Relocation& relocation) const override {
    const auto raw = bytes(field, relocation_size(relocation.type));
    if (!raw) return std::nullopt;
    std::uint64_t value = 0;
    switch (relocation.type) {
      case R_X86_64_32:
        value = load_le<std::uint32_t>(*raw, 0);
        break;
      case R_X86_64_32S:
      case R_X86_64_PC32:
      case R_X86_64_PLT32:
        value = static_cast<std::uint64_t>(std::int64_t{load_le<std::int32_t>(*raw, 0)});
        break;
      case R_X86_64_64:
      case R_X86_64_PC64:
        value = load_le<std::uint64_t>(*raw, 0);
        break;
      default:
        return std::nullopt;
    }
    if (is_pc_relative(relocation.type)) value += field.offset;
    return Place{.space = 0, .offset = value - static_cast<std::uint64_t>(relocation.addend)};
  }

  /// A linked kernel does not say any more.
  std::optional<std::vector<Place>> relocated_places(Place, std::uint64_t) const override { return std::nullopt; }

  Result<ShippedSymbol> symbol(std::size_t index) const override {
    const auto& symbol = symbols_.symbols()[index];
    return ShippedSymbol{.name = symbol.name, .position = symbols_.position_of(index), .address = symbol.address};
  }

  std::string describe(Place place) const override {
    const auto index = symbols_.symbol_covering(place.offset);
    if (!index) return locate(place);
    const auto& symbol = symbols_.symbols()[*index];
    const auto distance = place.offset - symbol.address;
    return distance == 0 ? symbol.name : fmt::format("{}+{:#x}", symbol.name, distance);
  }

  std::string locate(Place place) const override { return fmt::format("{:#x}", place.offset); }

 private:
  const image::Kallsyms& symbols_;
  BytesAt bytes_at_;
};

}  // namespace

std::unique_ptr<Shipped> shipped_kernel(const image::Kallsyms& symbols, BytesAt bytes_at) {
  return std::make_unique<ShippedKernel>(symbols, std::move(bytes_at));
}

}  // namespace suture::patch::matching

namespace suture::patch {

Result<MatchResult> match_vmlinux(const elf::Object& rebuilt, const image::KernelImage& shipped,
                                  const std::vector<std::string>& names) {
  const auto bytes_at = [&](std::uint64_t address, std::uint64_t length) { return shipped.bytes_at(address, length); };
  return matching::match_object(rebuilt, *matching::shipped_kernel(shipped.symbols(), bytes_at), names);
}

}  // namespace suture::patch
