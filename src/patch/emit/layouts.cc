#include "patch/emit/layouts.h"

namespace suture::patch::emitter {
namespace {

constexpr std::uint64_t pointer_size = 8;
// Far more than any of them has; struct module, the largest, has under 1.5 KiB.
constexpr std::uint64_t largest_struct = 64U << 10;

/// A struct whose members are looked up one by one.
class Struct {
 public:
  static Result<Struct> find(const image::Btf& types, std::string_view name) {
    auto layout = TRY(types.structure(name), "types of the shipped kernel");
    if (layout.size == 0 || layout.size > largest_struct) {
      return fail("types of the shipped kernel: struct {} has {} bytes", name, layout.size);
    }
    return Struct(std::move(layout), name);
  }

  std::uint64_t size() const { return layout_.size; }

  /// The offset of a member of that size.
  Result<std::uint64_t> offset(std::string_view member, std::uint64_t size) const {
    const auto* found = layout_.find(member);
    if (found == nullptr) return fail("types of the shipped kernel: struct {} has no member {}", name_, member);
    if (found->bit_field || found->size() != size || found->offset() > layout_.size - size) {
      return fail("types of the shipped kernel: {}.{} has {} bits at bit {}; {} bytes were expected", name_, member,
                  found->size_bits, found->offset_bits, size);
    }
    return found->offset();
  }
  Result<std::uint64_t> pointer(std::string_view member) const { return offset(member, pointer_size); }
  Result<std::uint64_t> width(std::string_view member) const {
    const auto* found = layout_.find(member);
    if (found == nullptr) return fail("types of the shipped kernel: struct {} has no member {}", name_, member);
    return found->size();
  }

 private:
  Struct(image::Layout layout, std::string_view name) : layout_(std::move(layout)), name_(name) {}
  image::Layout layout_;
  std::string name_;
};

}  // namespace

Result<KernelLayouts> KernelLayouts::read(const image::Btf& types) {
  KernelLayouts result;
  const auto func = TRY(Struct::find(types, "klp_func"));
  result.klp_func = {.size = func.size(),
                     .old_name = TRY(func.pointer("old_name")),
                     .new_func = TRY(func.pointer("new_func")),
                     .old_sympos = TRY(func.offset("old_sympos", 8))};

  const auto callbacks = TRY(Struct::find(types, "klp_callbacks"));
  const auto object = TRY(Struct::find(types, "klp_object"));
  const auto base = TRY(object.offset("callbacks", callbacks.size()));
  result.klp_object = {.size = object.size(),
                       .name = TRY(object.pointer("name")),
                       .funcs = TRY(object.pointer("funcs")),
                       .pre_patch = base + TRY(callbacks.pointer("pre_patch")),
                       .post_patch = base + TRY(callbacks.pointer("post_patch")),
                       .pre_unpatch = base + TRY(callbacks.pointer("pre_unpatch")),
                       .post_unpatch = base + TRY(callbacks.pointer("post_unpatch"))};

  const auto state = TRY(Struct::find(types, "klp_state"));
  result.klp_state = {
      .size = state.size(), .id = TRY(state.offset("id", 8)), .version = TRY(state.offset("version", 4))};

  const auto patch = TRY(Struct::find(types, "klp_patch"));
  result.klp_patch = {.size = patch.size(),
                      .mod = TRY(patch.pointer("mod")),
                      .objs = TRY(patch.pointer("objs")),
                      .states = TRY(patch.pointer("states")),
                      .replace = TRY(patch.offset("replace", 1))};

  const auto module = TRY(Struct::find(types, "module"));
  const auto name_size = TRY(module.width("name"));
  result.module = {.size = module.size(),
                   .name = TRY(module.offset("name", name_size)),
                   .name_size = name_size,
                   .init = TRY(module.pointer("init")),
                   .exit = TRY(module.pointer("exit"))};

  const auto alternative = TRY(Struct::find(types, "alt_instr"));
  result.alt_instr = {.size = alternative.size(),
                      .instr_offset = TRY(alternative.offset("instr_offset", 4)),
                      .instrlen = TRY(alternative.offset("instrlen", 1))};
  return result;
}

}  // namespace suture::patch::emitter
