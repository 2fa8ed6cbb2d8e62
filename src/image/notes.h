// The GNU build-id, from ELF notes.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"

namespace suture::image {

/// The build-id (NT_GNU_BUILD_ID) in the content of a note section, in lower-case hexadecimal.
/// None if it holds none, also where the notes are damaged before it.
std::optional<std::string> build_id_in_notes(ByteView notes);

}  // namespace suture::image
