// What a live patch is called, as a module.
#pragma once

#include <string>
#include <string_view>

#include "base/file.h"
#include "base/result.h"

namespace suture::builder {

/// "livepatch_pipe_limit" of ".../pipe-limit.patch". A fix is often named like the module that it mends,
/// and the kernel loads no two modules of one name: no shipped module is called livepatch_something.
std::string default_name(const fs::path& fix);

/// A name of the author's own: up to 55 lower-case letters, digits and underscores, a letter first.
Status check_name(std::string_view name);

}  // namespace suture::builder
