// Reads damaged TUF metadata. What can be read is written as it was read. Signed by the right keys
// nevertheless, and put into a repository, it leads no client astray: every update ends.
#include "fuzz/fuzz.h"
#include "trust/tuf/testing/repository.h"

namespace {

using namespace suture;
using namespace suture::trust::tuf;

/// The file again, signed by the role's keys, if it can be read at all.
template <typename Content>
std::optional<Bytes> sign_again(const Bytes& file, const testing::KeyNumbers& signers) {
  auto document = read<Content>(file, "input");
  if (!document) return std::nullopt;
  const auto text = write(*document);
  const auto again = read<Content>(as_bytes(text), "output");
  fuzz::require(again && again->payload == document->payload && again->content == document->content);
  fuzz::require(unsigned_document(document->content).payload == document->payload);
  return testing::signed_file(document->content, signers);
}

std::optional<Bytes> sign_again(const std::string& name, const Bytes& file, const testing::Repository& repository) {
  if (name == "timestamp.json") return sign_again<Timestamp>(file, repository.signers.at("timestamp"));
  if (name == "1.snapshot.json") return sign_again<Snapshot>(file, repository.signers.at("snapshot"));
  if (name == "2.root.json") return sign_again<Root>(file, repository.signers.at("root"));
  return sign_again<Targets>(file, repository.signers.at(name == "1.targets.json" ? "targets" : "role"));
}

testing::Repository make_repository() {
  testing::Repository repository;
  repository.publish_next_root({0, 1, 2});
  repository.delegate("role", {6}, {"6.1/*/*"});
  repository.delegated["role"].targets["6.1/abc/level-1.tar"] = testing::target_file("one");
  // Without lengths and hashes, so that damaged files are looked at.
  repository.publish();
  for (auto& [name, meta] : repository.snapshot.meta) meta = {.version = meta.version};
  repository.publish_snapshot();
  repository.timestamp.snapshot = {.version = 1};
  repository.publish_timestamp();
  return repository;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto repository = make_repository();
  static const auto first = testing::first_root(repository);
  ByteView input(data, size);
  const auto which = fuzz::take_byte(input);
  auto served = repository.served;
  auto file = std::next(served.begin(), which % static_cast<std::ptrdiff_t>(served.size()));
  if (file->first == "1.root.json") ++file;
  file->second = which >= 0x80 ? Bytes(input.begin(), input.end()) : fuzz::damage(file->second, input);
  if (auto again = sign_again(file->first, file->second, repository)) file->second = std::move(*again);

  auto client = Client::start(first, testing::now).value();
  testing::serve(client, served);
  fuzz::require(client.refreshed() != client.refusal().has_value());
  fuzz::require(client.files().contains("root.json"));
  if (!client.refreshed()) return 0;
  fuzz::require(client.trusted().timestamp().expires > testing::now);
  fuzz::require(client.trusted().snapshot().expires > testing::now);
  client.find("6.1/abc/level-1.tar");
  testing::serve(client, served);
  fuzz::require(!client.wanted() && client.refreshed());
  return 0;
}
