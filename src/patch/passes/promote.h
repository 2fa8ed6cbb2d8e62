// Promotion: replacing callers, because the changed function itself cannot be replaced.
//
// Livepatch sends a call of a function elsewhere from the call to __fentry__ that the function begins
// with. Functions that are declared inline or notrace, and whole directories that are compiled without
// tracing, have none. Such a function is still replaced, without anything that redirects it: its new
// code lies in the live patch, and the old code stays where it was. It has *moved*. Whoever calls the
// old code must be replaced by code that calls the new. A caller that has no fentry has moved too, and
// so on up the call graph, until every way in begins with one.
//
// What makes this safe is that no way in is overlooked:
//
// - The original is asked who calls, not the fixed source: the running kernel's code is what would go
//   on calling the old function. A caller that the fix takes away needs no replacement, since nothing
//   replaced calls it any more; what else leads to it is looked at as if it had moved.
// - An address is a way in that cannot be closed. Wherever it went (a timer, a table of operations,
//   a register), it leads to the old code for as long as it is kept, and nothing can tell how long that
//   is. So any use of a moved function but a call refuses, even by code that is itself replaced.
// - A loop of moved functions is no obstacle: each is entered from the loop, or from a caller that was
//   looked at. One that nobody calls is dead code, and has no way in either.
// - Init code of vmlinux has run, and exit code of vmlinux never does: their calls do not count. Of a
//   module they do, and cannot be replaced: livepatch does not reach a module's init code, and what
//   runs at its end may be discarded. That refuses.
// - Within one file this pass sees every caller. A function that other files can call (it is not
//   static) is handed on as DeltaFunction::moved: whoever runs the passes must find the callers
//   elsewhere (builder/promotion asks the shipped kernel and its modules), and gives the names of
//   what has moved in other files to the passes over the callers' files, as Unit::moved.
//
// Promoted functions are replaced functions like any other: compared with the shipped ones, redirected,
// verified. Their code differs from the original only in where those calls lead.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "patch/passes/select.h"

namespace suture::patch {

/// After this: every function of the selection that nothing can redirect is in Selection::moved, and
/// whatever in this file calls it, or a function of `moved` (names of other files' functions), is in
/// the selection; or there is a refusal. `only_this_file`: nobody looks for callers in other files, so
/// that a function which they could call is refused.
std::vector<Refusal> promote(const Pair& pair, const std::set<std::string>& moved, bool only_this_file,
                             Selection& selection);

}  // namespace suture::patch
