#include "trust/level/in_toto.h"

#include "base/json.h"

namespace suture::trust {
namespace {

boost::json::object described(const NamedDigest& file) {
  return {{"name", file.name}, {"digest", {{"sha256", file.sha256}}}};
}

boost::json::array described(const std::vector<NamedDigest>& files) {
  boost::json::array all;
  for (const auto& each : files) all.push_back(described(each));
  return all;
}

std::string statement(const NamedDigest& subject, std::string_view type, boost::json::object predicate) {
  boost::json::array subjects;
  subjects.push_back(described(subject));
  return json::pretty({{"_type", "https://in-toto.io/Statement/v1"},
                       {"subject", std::move(subjects)},
                       {"predicateType", type},
                       {"predicate", std::move(predicate)}});
}

}  // namespace

std::string provenance_statement(const Provenance& provenance) {
  boost::json::object kit{{"name", "kit"},
                          {"annotations",
                           {{"release", provenance.release},
                            {"package_version", provenance.package_version},
                            {"compiler", provenance.compiler}}}};
  auto dependencies = described(provenance.fixes);
  dependencies.push_back(std::move(kit));
  boost::json::object parameters{{"kernel", provenance.release}, {"build_id", provenance.build_id}};
  return statement(provenance.live_patch, "https://slsa.dev/provenance/v1",
                   {{"buildDefinition",
                     {{"buildType", "https://suture.invalid/build/v1"},
                      {"externalParameters", std::move(parameters)},
                      {"resolvedDependencies", std::move(dependencies)}}},
                    {"runDetails", {{"builder", {{"id", provenance.suture}}}}}});
}

std::string test_statement(const Tests& tests) {
  return statement(tests.live_patch, "https://in-toto.io/attestation/test-result/v0.1",
                   {{"result", "PASSED"},
                    {"configuration", described(tests.records)},
                    {"passedTests", boost::json::array(tests.passed.begin(), tests.passed.end())}});
}

}  // namespace suture::trust
