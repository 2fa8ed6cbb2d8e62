// The little makefile text that makes kbuild tell, and the reading of what it told.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "builder/kbuild/kbuild.h"

namespace suture::builder {

/// An argument for make: objects are described instead of compiled.
std::string object_rule();
/// What was described, in the order in which it came. `source` is not set.
Result<std::vector<KbuildObject>> parse_objects(std::string_view output);

/// An argument for make: a target DIR/suture-borrowed lists the objects of a directory whose sources
/// lie elsewhere.
std::string borrowed_rule();
std::vector<std::string> parse_borrowed(std::string_view output);

/// Nothing was told of `target`. Fine if there is no rule to make it; an error if make failed for
/// another reason, a missing program for example.
Status check_no_rule(std::string_view make_errors, std::string_view target);

}  // namespace suture::builder
