// Names of modules come from manifests, plans and people, and become parts of paths.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace suture::host {

/// Letters, digits and underscores, at most 55 (MODULE_NAME_LEN of include/linux/moduleparam.h, less the
/// NUL): as the kernel names a module, not its file.
bool is_module_name(std::string_view name);
Status check_module_name(std::string_view name);

}  // namespace suture::host
