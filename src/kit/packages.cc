#include "kit/packages.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "kit/release.h"

namespace suture::kit {
namespace {

constexpr std::string_view image_prefix = "linux-image-";
constexpr std::string_view unsigned_suffix = "-unsigned";

std::vector<std::string> image_names(std::string_view release) {
  return {fmt::format("{}{}", image_prefix, release), fmt::format("{}{}{}", image_prefix, release, unsigned_suffix)};
}
std::string headers_name(std::string_view release) { return fmt::format("linux-headers-{}", release); }
std::string source_name(std::string_view release) { return fmt::format("linux-source-{}", series_of(release)); }

const Offer* find(const std::vector<Offer>& offers, std::string_view package, std::string_view version) {
  const auto found = std::find_if(offers.begin(), offers.end(), [&](const Offer& offer) {
    return offer.package == package && offer.version == version;
  });
  return found == offers.end() ? nullptr : &*found;
}

std::vector<std::string> versions(const std::vector<Offer>& offers, std::string_view package) {
  std::vector<std::string> found;
  for (const auto& offer : offers) {
    if (offer.package == package && std::find(found.begin(), found.end(), offer.version) == found.end())
      found.push_back(offer.version);
  }
  return found;
}

std::string missing(const std::vector<Offer>& offers, std::string_view package, std::string_view version) {
  const auto others = versions(offers, package);
  return fmt::format("{} version {} is not offered; offered: {}", package, version,
                     others.empty() ? "none" : fmt::format("{}", fmt::join(others, ", ")));
}

}  // namespace

std::vector<std::string> package_names(std::string_view release) {
  auto names = image_names(release);
  names.push_back(headers_name(release));
  names.push_back(source_name(release));
  return names;
}

Result<KernelPackages> select_packages(std::string_view release, const std::vector<Offer>& offers) {
  std::optional<Error> first_reason;
  for (const auto& image_name : image_names(release)) {
    for (const auto& version : versions(offers, image_name)) {
      const auto* image = find(offers, image_name, version);
      const auto* headers = find(offers, headers_name(release), version);
      const auto* source = find(offers, source_name(release), version);
      if (headers != nullptr && source != nullptr)
        return KernelPackages{.image = *image, .headers = *headers, .source = *source};
      std::vector<std::string> reasons;
      if (headers == nullptr) reasons.push_back(missing(offers, headers_name(release), version));
      if (source == nullptr) reasons.push_back(missing(offers, source_name(release), version));
      if (!first_reason) first_reason.emplace(fmt::format("{}", fmt::join(reasons, "; ")));
    }
  }
  if (first_reason) return fail(std::move(*first_reason), "{} cannot be made into a kit", release);
  return fail("no package {} is offered", image_names(release)[0]);
}

std::vector<std::string> complete_releases(const std::vector<Offer>& offers) {
  std::vector<std::string> complete;
  for (const auto& offer : offers) {
    std::string_view release = offer.package;
    if (!release.starts_with(image_prefix)) continue;
    release.remove_prefix(image_prefix.size());
    if (release.ends_with(unsigned_suffix)) release.remove_suffix(unsigned_suffix.size());
    const bool known = std::find(complete.begin(), complete.end(), release) != complete.end();
    if (!known && check_release(release) && select_packages(release, offers)) complete.emplace_back(release);
  }
  return complete;
}

}  // namespace suture::kit
