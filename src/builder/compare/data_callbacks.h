// What a fix that changes initial values needs besides: callbacks that write them into the running
// kernel and put the old ones back. Suture writes their source, as a diff to be applied after the fix; a
// person decides whether the kernel can bear it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "patch/delta.h"

namespace suture::builder {

/// The diff that adds the callbacks to the end of a source file. `text`: the file with the fix applied, which
/// must end with a whole line; otherwise nothing.
std::string data_callbacks(const std::string& source, std::string_view text,
                           const std::vector<patch::InitialValue>& values);

}  // namespace suture::builder
