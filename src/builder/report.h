// What a build says of itself: NAME.report.json, and the same in words.
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "patch/refusal.h"

namespace suture::builder {

/// A function that the fix changes, and whose code the compiler put into others.
struct ReportedCopy {
  std::string function;
  std::string place;  ///< "include/net/tcp.h:1234", before the fix
};
BOOST_DESCRIBE_STRUCT(ReportedCopy, (), (function, place))

struct ReportedFunction {
  std::string name;
  std::uint64_t position = 0;  ///< livepatch's sympos; 0 where the name is unique
  std::string why;             ///< "changed", "new", "promoted"
  std::string source;          ///< "net/ipv4/tcp_cubic.c"
  /// Calls of the original lead here. False for what is new, and for what has no fentry: that is
  /// reached through its callers, which are promoted.
  bool redirected = true;
  std::string through;                ///< when promoted: the function that it calls, and that cannot be redirected
  std::vector<ReportedCopy> inlined;  ///< of what the fix changes, in the code that the kernel runs now
};
BOOST_DESCRIBE_STRUCT(ReportedFunction, (), (name, position, why, source, redirected, through, inlined))

struct ReportedObject {
  std::string name;      ///< "vmlinux" or a module's
  std::string build_id;  ///< the shipped object's, without which the live patch does nothing
  std::vector<ReportedFunction> functions;
};
BOOST_DESCRIBE_STRUCT(ReportedObject, (), (name, build_id, functions))

struct ReportedMismatch {
  std::string source, function;
  std::uint64_t offset = 0;
  std::string rebuilt, shipped;  ///< the first differing instruction, or why there is none
};
BOOST_DESCRIBE_STRUCT(ReportedMismatch, (), (source, function, offset, rebuilt, shipped))

struct ReportedMatch {
  std::uint64_t checked = 0, matched = 0;
  std::vector<ReportedMismatch> mismatched;
};
BOOST_DESCRIBE_STRUCT(ReportedMatch, (), (checked, matched, mismatched))

struct ReportedFix {
  std::string file, digest, subject, author;  ///< digest: SHA-256 of the diff, in hexadecimal
  std::vector<std::string> cves, sources;
};
BOOST_DESCRIBE_STRUCT(ReportedFix, (), (file, digest, subject, author, cves, sources))

struct ReportedPhase {
  std::string phase;
  double seconds = 0;
};
BOOST_DESCRIBE_STRUCT(ReportedPhase, (), (phase, seconds))

struct BuildReport {
  std::string outcome;  ///< "built", "no change", "refused"; a build that fails has no report
  std::string name, kernel, kernel_build_id, package_version, compiler, created_by;
  std::vector<ReportedFix> fixes;  ///< in the order in which they were applied
  std::vector<std::string> cves;   ///< those that the fixes name, and those given besides
  std::vector<ReportedObject> objects;
  ReportedMatch code_match;
  std::vector<patch::Refusal> refusals;
  std::vector<patch::Warning> warnings;
  std::vector<ReportedPhase> phases;
  double seconds = 0;
  double slowest_compile = 0;      ///< seconds; 0 when all came from the cache
  double cpu_seconds = 0;          ///< of CPU, all but compiling; of several builds in one process, all of theirs
  double compile_cpu_seconds = 0;  ///< of CPU, in compilers and objtool
  std::uint64_t peak_memory = 0;   ///< bytes of the process, compilers apart
  std::string data_callbacks;      ///< beside the report: a diff for the author to review; empty if none is offered
  std::string module;              ///< the .ko's path; empty unless built
  std::string module_digest;       ///< its SHA-256
};
BOOST_DESCRIBE_STRUCT(BuildReport, (),
                      (outcome, name, kernel, kernel_build_id, package_version, compiler, created_by, fixes, cves,
                       objects, code_match, refusals, warnings, phases, seconds, slowest_compile, cpu_seconds,
                       compile_cpu_seconds, peak_memory, data_callbacks, module, module_digest))

std::string to_json(const BuildReport& report);
/// `name` is what errors call it.
Result<BuildReport> read_report(std::string_view text, std::string_view name);

}  // namespace suture::builder

namespace suture::patch {
BOOST_DESCRIBE_STRUCT(Refusal, (), (code, place, reason, advice))
BOOST_DESCRIBE_STRUCT(Warning, (), (code, place, reason))
}  // namespace suture::patch
