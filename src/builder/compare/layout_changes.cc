#include "builder/compare/layout_changes.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "builder/compare/type_mentions.h"

namespace suture::builder {
namespace {

using image::Member;

struct Types {
  std::map<std::string, std::vector<image::Layout>, std::less<>> layouts;
  std::set<std::string, std::less<>> held;  // by another type or by a variable
};

Result<Types> types_of(const elf::Object& object, const std::string& name) {
  const auto section = object.find_section(".BTF");
  if (section == 0) return Types{};
  const auto btf = TRY(image::Btf::parse(object.sections[section].data, name + " > .BTF"));
  auto layouts = TRY(btf.structures());
  return Types{std::move(layouts), TRY(btf.held())};
}

std::string bytes(std::uint64_t bits) {
  return bits % 8 == 0 ? fmt::format("{}", bits / 8) : fmt::format("{}.{}", bits / 8, bits % 8);
}

std::string describe_move(const Member& from, const Member& to) {
  if (from.offset_bits != to.offset_bits)
    return fmt::format("field {} moved from byte {} to {}", from.name, bytes(from.offset_bits), bytes(to.offset_bits));
  return fmt::format("field {} has {} bytes instead of {}", from.name, bytes(to.size_bits), bytes(from.size_bits));
}

// The first difference in words. Fields are known by their names; those without one, which only pad,
// by their places.
std::string describe(const image::Layout& before, const image::Layout& after) {
  std::optional<std::string> moved;
  for (const auto& member : after.members) {
    if (member.name.empty()) continue;
    const auto* old = before.find(member.name);
    if (old == nullptr) return fmt::format("field {} was added at byte {}", member.name, bytes(member.offset_bits));
    if (!moved && (old->offset_bits != member.offset_bits || old->size_bits != member.size_bits))
      moved = describe_move(*old, member);
  }
  for (const auto& member : before.members) {
    if (!member.name.empty() && after.find(member.name) == nullptr)
      return fmt::format("field {} was at byte {} and is gone", member.name, bytes(member.offset_bits));
  }
  if (moved) return *moved;
  return fmt::format("its size became {} bytes, from {}", after.size, before.size);
}

bool differs(const image::Layout& before, const image::Layout& after) {
  return before.size != after.size ||
         !std::ranges::equal(before.members, after.members, [](const Member& a, const Member& b) {
           return a.name == b.name && a.offset_bits == b.offset_bits && a.size_bits == b.size_bits;
         });
}

// `narrower`: whether a field may be that now.
bool keeps_places(const image::Layout& before, const image::Layout& after, bool narrower) {
  return before.size == after.size && std::ranges::all_of(before.members, [&](const Member& old) {
           const auto* now = old.name.empty() ? &old : after.find(old.name);
           return now != nullptr && now->offset_bits == old.offset_bits &&
                  (now->size_bits == old.size_bits || (narrower && now->size_bits < old.size_bits));
         });
}

// Same fields in the same order, and those that changed their size are themselves of changed types.
bool only_follows(const image::Layout& before, const image::Layout& after,
                  const std::set<std::string, std::less<>>& changed) {
  bool inherited = false;
  const bool same = std::ranges::equal(before.members, after.members, [&](const Member& a, const Member& b) {
    const bool grew = a.size_bits != b.size_bits;
    inherited |= grew;
    return a.name == b.name && a.type == b.type && (!grew || changed.contains(a.type));
  });
  return same && inherited;
}

// Of several structs of one name nothing says which is which.
bool differs(const std::vector<image::Layout>& before, const std::vector<image::Layout>& after) {
  const auto known = [&](const image::Layout& layout) {
    return std::ranges::any_of(before, [&](const image::Layout& other) { return !differs(other, layout); });
  };
  return before.size() != after.size() || !std::ranges::all_of(after, known);
}

}  // namespace

Result<std::vector<LayoutChange>> find_layout_changes(const elf::Object& original, const elf::Object& patched,
                                                      const std::string& source) {
  const auto before = TRY(types_of(original, source + " (original)"));
  const auto after = TRY(types_of(patched, source + " (with the fix)"));
  std::set<std::string, std::less<>> changed;
  for (const auto& [type, layout] : before.layouts) {
    const auto now = after.layouts.find(type);
    if (now != after.layouts.end() && differs(layout, now->second)) changed.insert(type);
  }
  std::vector<LayoutChange> changes;
  for (const auto& type : changed) {
    const auto& olds = before.layouts.find(type)->second;
    const auto& nows = after.layouts.find(type)->second;
    if (olds.size() != 1 || nows.size() != 1) {
      changes.push_back({.type = type,
                         .what = fmt::format("the source has {} structs of this name, and had {}: one that differs",
                                             nows.size(), olds.size()),
                         .held = true});
      continue;
    }
    const auto& old = olds.front();
    const auto& now = nows.front();
    if (only_follows(old, now, changed)) continue;
    changes.push_back({.type = type,
                       .what = describe(old, now),
                       .held = before.held.contains(type) || after.held.contains(type),
                       .fits_in = keeps_places(old, now, false),
                       .same_places = keeps_places(old, now, true)});
  }
  return changes;
}

LayoutFindings judge_layout_changes(const std::vector<LayoutChange>& changes, const std::string& source,
                                    std::string_view text, const std::set<std::string>& accepted) {
  LayoutFindings findings;
  for (const auto& change : changes) {
    const auto place = fmt::format("{}: struct {}", source, change.type);
    if (change.fits_in && !defines(text, change.type) && !accepted.contains("struct-padding")) {
      findings.refusals.push_back(
          {"struct-padding", place,
           change.what + ", where there was padding: what exists already has anything there, mostly zero, and other "
                         "code that shares the type neither sets nor copies it",
           "if the fix is right with anything there, build with --accept struct-padding; else attach the field with "
           "klp_shadow_get_or_alloc(object, ID, size, …) (docs/authors-guide.md)"});
    } else if (change.fits_in) {
      findings.warnings.push_back(
          {"struct-layout", place,
           change.what + ", where there was padding: what exists already has anything there, mostly zero"});
    } else if (defines(text, change.type) && change.same_places) {
      findings.warnings.push_back({"struct-layout", place,
                                   change.what +
                                       ", in the room of a field that became narrower: what exists already has "
                                       "that field's old value there"});
    } else if (!change.held && lives_on_the_stack(text, change.type)) {
      findings.warnings.push_back(
          {"struct-layout", place,
           change.what + ": only the stack seems to hold one; what exists already, if anything outlives a call, has "
                         "the old layout"});
    } else {
      findings.refusals.push_back(
          {"struct-layout", place,
           change.what + ": what exists already has the old layout" +
               (defines(text, change.type) ? "" : ", and so has all other code that shares the type"),
           "keep the struct as it is, and attach the field with klp_shadow_get_or_alloc(object, ID, size, …) "
           "(docs/authors-guide.md)"});
    }
  }
  return findings;
}

}  // namespace suture::builder
