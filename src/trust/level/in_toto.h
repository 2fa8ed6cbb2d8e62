// Statements about a live patch in the form of in-toto 1.0: how it was made, and which tests it passed.
#pragma once

#include <string>
#include <vector>

namespace suture::trust {

struct NamedDigest {
  std::string name, sha256;
};

struct Provenance {
  NamedDigest live_patch;
  std::string release, build_id;   ///< of the kernel that it is for
  std::string package_version;     ///< of the kit's packages: image, headers and source
  std::string compiler, suture;    ///< with versions
  std::vector<NamedDigest> fixes;  ///< the source diffs, in the order in which they were applied
};

/// SLSA provenance 1.0 (https://slsa.dev/provenance/v1) of a build.
std::string provenance_statement(const Provenance& provenance);

struct Tests {
  NamedDigest live_patch;
  std::vector<NamedDigest> records;  ///< proofs
  std::vector<std::string> passed;
};

/// https://in-toto.io/attestation/test-result/v0.1; only what passed becomes a statement.
std::string test_statement(const Tests& tests);

inline constexpr auto in_toto_payload = "application/vnd.in-toto+json";

}  // namespace suture::trust
