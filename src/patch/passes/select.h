// What the live patch must carry: the functions that changed, what was added, and everything that
// these need and the kernel does not have already.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "patch/delta.h"
#include "patch/passes/author_marks.h"
#include "patch/passes/compare.h"
#include "patch/passes/correlate.h"
#include "patch/passes/program.h"

namespace suture::patch {

/// A source file's two programs, paired: what the passes after correlate work on.
struct Pair {
  std::string source;
  std::string object;  ///< "vmlinux" or a module's name
  Program original;
  Program patched;
  Correlation correlation;
  AuthorMarks marks;
  std::set<std::string> accepted_codes;      ///< what the author agreed to leave as it is; see accept.h
  std::set<PieceIndex> accepted;             ///< patched pieces that those codes leave aside
  std::map<PieceIndex, std::string> copied;  ///< patched constants that come along; see private_data.h

  bool in_module() const { return object != "vmlinux"; }
};

struct Selection {
  std::vector<bool> included;                     ///< by patched piece
  std::map<PieceIndex, Why> functions;            ///< patched functions in it, `.cold` parts apart
  std::map<PieceIndex, std::string> differences;  ///< changed function -> what differs, in words
  std::map<PieceIndex, std::string> ignored;      ///< likewise, but the author said to leave it aside
  /// Replaced functions that nothing can redirect: they are reached through their callers only.
  std::set<PieceIndex> moved;
  std::map<PieceIndex, std::string> through;  ///< promoted function -> the moved one that it calls
  std::set<PieceIndex> vanished;              ///< original functions that call moved ones, and have no counterpart
};

/// Whether the author said to leave differences in this patched piece aside.
bool is_left_aside(const Pair& pair, PieceIndex patched);

/// Where a reference leads once the live patch is loaded.
enum class Leads {
  inside,    ///< to a piece that the live patch carries
  original,  ///< to what the kernel has and keeps
  outside,   ///< to a symbol that neither object defines
};

/// Direct calls between replaced functions stay inside. The address of a replaced function is the
/// original's, where ftrace redirects: an address can outlive the live patch. What has moved is
/// redirected nowhere, so its address is the new one's.
Leads where(const Pair& pair, const Selection& selection, PieceIndex from, const Reference& reference, bool in_table);

/// Whether a table entry goes along with its code. Of a module, static calls are left to their trampolines,
/// which the kernel keeps up to date as it does call sites (__static_call_update()): sites are registered
/// when the live patch is loaded, before it is bound to the module's keys.
bool is_carried(const Pair& pair, const TableEntry& entry);

/// Adds a patched piece and all that it needs. `why` is for a function that the original has too.
void carry(const Pair& pair, Selection& selection, PieceIndex piece, Why why);

/// After this: every reference from an included piece leads inside, to something that exists in the
/// original, or outside.
Selection select(const Pair& pair, const Comparison& comparison);

/// What comparing with one build of the fixed source has told of the original's functions.
struct KnownChanges {
  std::map<PieceIndex, std::string> differences;  ///< original functions that changed, and in what
  std::set<PieceIndex> gone;                      ///< original functions that the fixed build has not
};
KnownChanges known_changes(const Pair& pair, const Selection& selection);

/// The same selection from another build of the fixed source, whose functions differ from the
/// original's in more than the fix: what changed is known. A function that the other build lacks counts
/// as changed, for nobody has compared it.
Selection select_again(const Pair& pair, const Comparison& comparison, const KnownChanges& known);

}  // namespace suture::patch
