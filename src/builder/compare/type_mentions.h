// What the text of a source tells of a struct that its types do not: where it is defined, and whether memory may hold
// one. The text is as it was written, with macros: what is not understood speaks against the stack.
#pragma once

#include <string_view>

namespace suture::builder {

/// Whether `text` defines `struct TYPE` or `union TYPE`.
bool defines(std::string_view text, std::string_view type);

/// Whether `text`, which defines it, declares TYPE in functions and does nothing else with it: no static variable, no
/// macro that is given the type, and nobody asks for its size, as who allocates one does, by its name or through a
/// pointer (`sizeof(*p)`). That no other type holds it is not asked here.
bool lives_on_the_stack(std::string_view text, std::string_view type);

}  // namespace suture::builder
