// A source as the preprocessor leaves it. If two of them are equal, token by token, each in the line that it
// had, so are the objects: there is nothing else that the compiler sees. Preprocessing takes a fifth of the
// time that compiling takes.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace suture::builder {

/// A digest of what `gcc -E` printed. `file_name` says how a file is called that the compiler has spelled in
/// another way (in a tree of ours); empty lines, and how lines are counted between them, do not matter.
std::string digest_of_expanded(std::string_view text, const std::function<std::string(std::string_view)>& file_name);

}  // namespace suture::builder
