#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "host/known.h"
#include "host/root.h"

namespace suture::host {

/// The GNU build-id in a block of ELF notes (Elf64_Nhdr; note name "GNU", type 3), in lower-case
/// hexadecimal. `name` is what errors call the block.
Result<std::string> build_id_of_notes(ByteView notes, std::string_view name);

/// Of the running kernel: /sys/kernel/notes.
Known<std::string> kernel_build_id(const Root& root);
/// Of a loaded module: /sys/module/NAME/notes/.note.gnu.build-id. Root only, mostly.
Known<std::string> module_build_id(const Root& root, std::string_view name);

}  // namespace suture::host
