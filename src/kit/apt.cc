#include "kit/apt.h"

#include "base/numbers.h"
#include "base/process.h"
#include "kit/control.h"
#include "kit/lines.h"

namespace suture::kit {
namespace {

Command apt(std::vector<std::string> argv) { return {.argv = std::move(argv), .environment = {{"LC_ALL", "C"}}}; }

bool has_apt() { return program_exists("apt-cache") && program_exists("apt-get"); }

}  // namespace

Result<std::vector<Offer>> parse_apt_show(std::string_view text) {
  constexpr std::string_view name = "output of apt-cache show";
  std::vector<Offer> offers;
  for (const auto& stanza : TRY(parse_control(text, name))) {
    if (!stanza.contains("Filename")) continue;
    Offer offer;
    offer.package = TRY(field(stanza, "Package", name));
    offer.version = TRY(field(stanza, "Version", name));
    offer.architecture = TRY(field(stanza, "Architecture", name));
    offer.from_apt = true;
    offer.sha256 = TRY(field(stanza, "SHA256", name));
    const auto size = TRY(field(stanza, "Size", name));
    const auto bytes = to_number<decltype(offer.size)>(size);
    if (!bytes) return fail("{}: {} has the size '{}'", name, offer.package, size);
    offer.size = *bytes;
    offers.push_back(std::move(offer));
  }
  return offers;
}

Result<std::vector<Offer>> apt_offers(const std::vector<std::string>& packages) {
  if (!has_apt()) return std::vector<Offer>();
  std::vector<std::string> argv{"apt-cache", "--all-versions", "show", "--"};
  argv.insert(argv.end(), packages.begin(), packages.end());
  // It exits 100 if it knows none of the names, which is an answer.
  const auto shown = TRY(run(apt(std::move(argv))));
  return parse_apt_show(shown.output);
}

Result<std::vector<std::string>> apt_package_names(const std::string& prefix) {
  std::vector<std::string> names;
  if (!has_apt()) return names;
  const auto listed = TRY(run_checked(apt({"apt-cache", "--generate", "pkgnames", prefix})));
  TRY(for_each_line(listed.output, [&](std::string_view line, std::size_t) -> Status {
    names.emplace_back(line);
    return {};
  }));
  return names;
}

Result<bool> apt_has_lists() {
  if (!has_apt()) return false;
  const auto files =
      TRY(run_checked(apt({"apt-get", "indextargets", "--format", "$(FILENAME)", "Created-By: Packages"})));
  return !files.output.empty();
}

Result<fs::path> apt_download(const Offer& offer, const fs::path& directory) {
  auto scratch = TRY(TempDir::make(directory));
  auto command = apt({"apt-get", "-q", "download", fmt::format("{}={}", offer.package, offer.version)});
  command.directory = scratch.path();
  TRY(run_checked(command), "downloading {} {}", offer.package, offer.version);
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(scratch.path(), code)) {
    if (entry.path().extension() != ".deb") continue;
    const auto kept = directory / entry.path().filename();
    fs::rename(entry.path(), kept, code);
    if (code) return fail("{}: cannot move the download here: {}", kept.string(), code.message());
    return kept;
  }
  return fail("apt-get download left no file for {} {}", offer.package, offer.version);
}

}  // namespace suture::kit
