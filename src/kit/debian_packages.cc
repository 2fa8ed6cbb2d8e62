#include "kit/debian_packages.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>

#include "base/digest.h"
#include "kit/apt.h"
#include "kit/deb.h"
#include "kit/release.h"

namespace suture::kit {
namespace {

std::string_view flavour(std::string_view release) {
  for (const auto* known : {"-cloud-amd64", "-rt-amd64"}) {
    if (release.ends_with(known)) return known;
  }
  return "-amd64";
}

// Releases of the same series and flavour that have all their packages, the newest first.
Result<std::vector<std::string>> complete_neighbours(std::string_view release) {
  const auto series = series_of(release);
  auto names = TRY(apt_package_names("linux-"));
  std::erase_if(names, [&](const std::string& name) {
    return !name.starts_with(fmt::format("linux-image-{}.", series)) &&
           !name.starts_with(fmt::format("linux-headers-{}.", series));
  });
  names.push_back(fmt::format("linux-source-{}", series));
  auto releases = complete_releases(TRY(apt_offers(names)));
  std::erase_if(releases, [&](const std::string& other) { return flavour(other) != flavour(release); });
  std::sort(releases.begin(), releases.end(),
            [](const auto& a, const auto& b) { return ::strverscmp(a.c_str(), b.c_str()) > 0; });
  return releases;
}

Result<std::string> advice_without(std::string_view release) {
  if (!TRY(apt_has_lists())) return std::string("Run apt-get update, or give the packages as files with --deb-dir.");
  const auto others = TRY(complete_neighbours(release));
  if (others.empty()) return std::string("Give the packages as files with --deb-dir.");
  return fmt::format("Give the packages as files with --deb-dir, or use a release that is complete: {}.",
                     fmt::join(others, ", "));
}

void append(std::vector<Offer>& offers, std::vector<Offer> more) {
  std::move(more.begin(), more.end(), std::back_inserter(offers));
}

}  // namespace

Result<std::vector<Offer>> deb_files(const fs::path& directory, const std::vector<std::string>& names, bool strict) {
  std::vector<Offer> offers;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(directory, code)) {
    const auto file = entry.path().filename().string();
    const auto name = std::find_if(names.begin(), names.end(),
                                   [&](const std::string& package) { return file.starts_with(package + "_"); });
    if (name == names.end() || entry.path().extension() != ".deb") continue;
    auto control = read_deb_control(entry.path());
    if (control && control->package != *name)
      control = fail("{}: is the package {} inside", entry.path().string(), control->package);
    if (!control && strict) return fail(std::move(control).error());
    if (control) {
      offers.push_back({.package = control->package,
                        .version = control->version,
                        .architecture = control->architecture,
                        .file = entry.path()});
    }
  }
  if (code) return fail("{}: cannot list: {}", directory.string(), code.message());
  return offers;
}

Result<KernelPackages> find_packages(std::string_view release, const std::optional<fs::path>& deb_dir,
                                     const fs::path& downloads) {
  const auto names = package_names(release);
  std::vector<Offer> offers;
  if (deb_dir) {
    offers = TRY(deb_files(*deb_dir, names, true));
    if (auto selected = select_packages(release, offers)) return selected;
  }
  auto downloaded = TRY(deb_files(downloads, names, false));
  auto from_apt = TRY(apt_offers(names));
  for (auto& offer : downloaded) {
    const auto known = std::find_if(from_apt.begin(), from_apt.end(), [&](const Offer& other) {
      return other.package == offer.package && other.version == offer.version;
    });
    if (known == from_apt.end()) continue;
    const auto file = std::exchange(offer.file, {});
    offer = *known;
    offer.file = file;
  }
  append(offers, std::move(downloaded));
  append(offers, std::move(from_apt));
  auto selected = select_packages(release, offers);
  if (!selected) return fail(std::move(selected).error().advise(TRY(advice_without(release))));
  return selected;
}

Result<fs::path> fetch(const Offer& offer, const fs::path& downloads, Progress& progress) {
  auto file = offer.file;
  const auto is_right = [&]() -> Result<bool> {
    return offer.sha256.empty() || TRY(sha256_file(file)) == offer.sha256;
  };
  if (file.empty() || !TRY(is_right())) {
    progress.stage(fmt::format("downloading {} ({} MB)", offer.package, offer.size / 1'000'000));
    file = TRY(apt_download(offer, downloads));
    if (!TRY(is_right())) return fail("{}: the download is not what apt's index says", file.string());
  }
  const auto control = TRY(read_deb_control(file));
  if (control.package != offer.package || control.version != offer.version) {
    return fail("{}: is {} {} inside instead of {} {}", file.string(), control.package, control.version, offer.package,
                offer.version);
  }
  return file;
}

}  // namespace suture::kit
