// What a level is: for which kernel, what it mends, how to get to it and away from it, and the files
// that come with it. api/manifest.schema.json is the same as a JSON schema.
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace suture::trust {

struct ManifestFix {
  std::string id{};        ///< unique in the level: the diff's file name
  std::string subject{};   ///< may be empty
  std::string kind{};      ///< "security" or "bugfix"
  std::string severity{};  ///< "critical", "high", "medium", "low" or "unknown"
  std::vector<std::string> cves{};
  std::string digest{};  ///< SHA-256 of the source diff
};
BOOST_DESCRIBE_STRUCT(ManifestFix, (), (id, subject, kind, severity, cves, digest))

struct ManifestFunction {
  std::string name{};
  std::uint32_t position = 0;  ///< livepatch's sympos; 0 where the name is unique
};
BOOST_DESCRIBE_STRUCT(ManifestFunction, (), (name, position))

struct ManifestObject {
  std::string name{};      ///< "vmlinux" or a module's
  std::string build_id{};  ///< of the shipped object, without which the level does nothing
  std::vector<ManifestFunction> functions{};
  std::vector<std::string> callbacks{};  ///< "pre_patch", "post_patch", "pre_unpatch", "post_unpatch"
};
BOOST_DESCRIBE_STRUCT(ManifestObject, (), (name, build_id, functions, callbacks))

struct ManifestState {
  std::uint64_t id = 0;
  std::uint32_t version = 0;
};
BOOST_DESCRIBE_STRUCT(ManifestState, (), (id, version))

/// A way between this level and another, or no live patch at all (level 0), that a proof has shown.
struct ManifestEdge {
  std::uint32_t from = 0, to = 0;
  std::string by{};  ///< "replace", "disable-and-load" or "reboot"
};
BOOST_DESCRIBE_STRUCT(ManifestEdge, (), (from, to, by))

struct ManifestProof {
  std::string outcome{};      ///< "proven"; others are not put into a level
  std::string accelerator{};  ///< "kvm" or "tcg"
  std::uint32_t over = 0;     ///< the level that was loaded before; 0 for none
  std::string file{};         ///< its record in the level
};
BOOST_DESCRIBE_STRUCT(ManifestProof, (), (outcome, accelerator, over, file))

struct ManifestFile {
  std::string name{};
  std::uint64_t length = 0;
  std::string sha256;
};
BOOST_DESCRIBE_STRUCT(ManifestFile, (), (name, length, sha256))

struct Manifest {
  std::uint32_t format = 1;
  std::string series{};    ///< "6.1"
  std::string release{};   ///< "6.1.0-53-amd64"
  std::string build_id{};  ///< of vmlinux
  std::uint32_t level = 0;
  std::string name{};                       ///< the module's, as in /sys/kernel/livepatch
  std::vector<std::uint32_t> supersedes{};  ///< the levels below, ascending
  std::vector<std::string> withdraws{};     ///< fixes of the level below that this one does not hold
  std::vector<ManifestFix> fixes{};
  std::vector<ManifestObject> objects{};
  std::vector<ManifestState> states{};
  std::vector<ManifestEdge> edges{};
  std::vector<ManifestProof> proofs{};
  std::string created_by{};           ///< "suture 0.1.0"
  std::vector<ManifestFile> files{};  ///< all that come with the manifest; "live-patch.ko" is among them
};
BOOST_DESCRIBE_STRUCT(Manifest, (),
                      (format, series, release, build_id, level, name, supersedes, withdraws, fixes, objects, states,
                       edges, proofs, created_by, files))

inline constexpr std::string_view live_patch_file = "live-patch.ko";
inline constexpr std::string_view provenance_file = "provenance.json";  ///< in-toto statement, SLSA provenance
inline constexpr std::string_view evidence_file = "evidence.json";      ///< DSSE of an in-toto test result

/// Strict: a member that is missing or unknown refuses the whole, for it might restrict what a host may
/// do. `name` is what errors call the file.
Result<Manifest> read_manifest(std::string_view text, std::string_view name);
/// Fails on what read_manifest() would refuse.
Result<std::string> write_manifest(const Manifest& manifest);

/// "6.1" of "6.1.0-53-amd64".
Result<std::string> series_of(std::string_view release);
/// Whether it is one: "6.1".
bool is_series(std::string_view text);

}  // namespace suture::trust
