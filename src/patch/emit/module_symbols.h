// What a shipped module has to offer to a live patch: symbols by name, and the place of its build-id.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "base/bytes.h"
#include "base/result.h"
#include "image/shipped_module.h"

namespace suture::patch::emitter {

/// Whether the module itself defines `name` for all its files.
bool has_global(const image::ShippedModule& module, const std::string& name);

/// Livepatch's position of the symbol `name`: of the only one, or of the only global one. Otherwise
/// why it cannot be told.
tl::expected<std::size_t, std::string> find_in_module(const image::ShippedModule& module, const std::string& name,
                                                      bool only_global);

/// How a live patch finds the module's build-id note in memory.
struct NoteAnchor {
  std::string symbol;  ///< one that livepatch can resolve
  std::size_t position = 0;
  std::int64_t distance = 0;  ///< from that symbol to the note
};

/// The kernel keeps a module's build-id only with CONFIG_STACKTRACE_BUILD_ID, and lists its notes in
/// sysfs only after livepatch has seen it; the note's section has no symbol. But the note lies in
/// read-only data that stays, beside sections that have symbols (kbuild's .note.Linux has in every
/// module), and the distance within that region follows from the file alone: layout_sections()
/// (kernel/module/main.c, 6.1 and 6.12) places read-only sections in file order, from a page's start.
///
/// Fails if there is no build-id of 20 bytes or no symbol to start from.
Result<NoteAnchor> find_build_id_note(const image::ShippedModule& module);

}  // namespace suture::patch::emitter
