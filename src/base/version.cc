#include "base/version.h"

namespace suture {
namespace {

// Not a literal: of literals that end alike the linker makes one ("0" is the end of "0.1.0"), and the tests change this
// one within a program to make a later release of it.
constexpr char text[] = SUTURE_VERSION;

}  // namespace

std::string_view version() { return text; }

}  // namespace suture
