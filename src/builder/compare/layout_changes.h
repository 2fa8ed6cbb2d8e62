// Structs whose layout the fix changes. What the kernel that runs has allocated keeps the old layout,
// and so does all code that the live patch leaves alone.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "elf/object.h"
#include "image/btf.h"
#include "patch/refusal.h"

namespace suture::builder {

struct LayoutChange {
  std::string type;      ///< "sock"
  std::string what;      ///< "field sk_new was added at byte 24", "the size became 48 bytes, from 40"
  bool held = false;     ///< another type, or a variable that is not on the stack, is one or points to one
  bool fits_in = false;  ///< only new fields, where there was padding: all that was there stays where it was
  /// All that was there begins where it did, and the size is the same; but a field may have become narrower,
  /// with others in the room that it leaves.
  bool same_places = false;
};

/// From the .BTF sections that the compiler left in both objects. A type that changed only since one
/// that it contains did is not listed. Fails on BTF that contradicts itself.
Result<std::vector<LayoutChange>> find_layout_changes(const elf::Object& original, const elf::Object& patched,
                                                      const std::string& source);

/// What to say of them: a refusal "struct-layout" for what other files may share or memory may hold, and
/// "struct-padding" for what others share and has only new fields where there was padding, unless that is accepted. A
/// warning "struct-layout" for what `text`, the source itself, defines, and declares on the stack only or has in
/// padding, and for what was accepted.
struct LayoutFindings {
  std::vector<patch::Refusal> refusals;
  std::vector<patch::Warning> warnings;
};
LayoutFindings judge_layout_changes(const std::vector<LayoutChange>& changes, const std::string& source,
                                    std::string_view text, const std::set<std::string>& accepted = {});

}  // namespace suture::builder
