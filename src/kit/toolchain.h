// The programs that a kit is made with, on this machine.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "kit/config.h"

namespace suture::kit {

/// The compiler's command, the first word of CONFIG_CC_VERSION_TEXT: "gcc-12" on Debian's 6.1,
/// "x86_64-linux-gnu-gcc-12" on its 6.12. Only GCC is known.
Result<std::string> compiler_command(const KernelConfig& shipped);

/// Whether `compiler` says, in the first line of --version, exactly what it said when the kernel was
/// compiled. Code match depends on it, and kbuild reconfigures a tree whose compiler has changed.
Status check_compiler(const std::string& compiler, std::string_view version_text);

/// Whether everything needed to prepare a kernel tree is installed. The error names all that is
/// missing, and the Debian packages that have it.
Status check_tools(const std::string& compiler);

}  // namespace suture::kit
