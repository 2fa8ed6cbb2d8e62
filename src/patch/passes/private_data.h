// Constants that belong to the functions of one source file: a table that is static, never written, and
// reached from nothing but functions. When its value changes, the live patch brings a copy of its own,
// and every function that reads it is replaced, whether its own code changed or not.
//
// The running kernel's table stays as it is, so whoever else has its address goes on with the old
// values. That is why a table which other data point to (a driver's list of ids, a policy in a family
// of messages) is not private; and neither is a table of functions whose address code hands out
// (inode->i_fop = &operations): what was given away before would keep calling the old ones.
#pragma once

#include <string>
#include <vector>

#include "patch/passes/program.h"
#include "patch/passes/select.h"

namespace suture::patch {

/// After this: a changed constant that is private has no counterpart in the original, and is carried by
/// whoever needs it, like new data. They are in Pair::copied, with what differs.
void release_private_data(Pair& pair);

/// Whether code takes the address of what it refers to, and does not merely read it there.
bool takes_address(const Program& program, const Piece& code, const Reference& reference);

/// The names of whatever refers to a piece, each once; for people.
std::vector<std::string> users_of(const Program& program, PieceIndex piece);

}  // namespace suture::patch
