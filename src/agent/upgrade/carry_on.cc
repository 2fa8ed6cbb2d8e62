#include "agent/upgrade/carry_on.h"

namespace suture::agent {
namespace {

constexpr Milliseconds pause{1'000};

Status go_to(Upgrade& upgrade, Installing& host, UpgradePhase phase, std::string reason) {
  upgrade.phase = phase;
  upgrade.reason = std::move(reason);
  return host.keep(upgrade);
}

Status begin(Upgrade& upgrade, Installing& host) {
  const auto checked = [&]() -> Status {
    TRY(host.may_begin());
    TRY(host.verify(upgrade.from));
    return host.verify(upgrade.to);
  }();
  if (checked) return go_to(upgrade, host, UpgradePhase::installing, "");
  return go_to(upgrade, host, UpgradePhase::failed, checked.error().describe() + "; nothing was installed");
}

/// Never what is no more what was fetched: between two boots a disk can be changed.
Status install(Installing& host, const UpgradeRelease& release) {
  TRY(host.verify(release));
  return host.install(release);
}

Status wait(Upgrade& upgrade, Installing& host, Clock& clock, Milliseconds patience) {
  const auto end = clock.monotonic() + patience;
  while (!host.has_reported(upgrade.to)) {
    if (clock.monotonic() >= end)
      return go_to(upgrade, host, UpgradePhase::putting_back,
                   fmt::format("{} did not report within {} s", upgrade.to.version, patience.count() / 1'000));
    clock.sleep(pause);
  }
  return go_to(upgrade, host, UpgradePhase::done, "");
}

Status put_back(Upgrade& upgrade, Installing& host) {
  const auto back = install(host, upgrade.from);
  auto reason = upgrade.reason + "; ";
  if (back)
    reason += fmt::format("{} is back", upgrade.from.version);
  else
    reason += fmt::format("{} could not be put back: {}", upgrade.from.version, back.error().describe());
  if (const auto runs = host.start_daemon(); !runs) reason += "; " + runs.error().describe();
  return go_to(upgrade, host, UpgradePhase::failed, reason);
}

}  // namespace

Status carry_on(Upgrade& upgrade, Installing& host, Clock& clock, Milliseconds patience) {
  if (is_over(upgrade)) return host.keep(upgrade);
  if (const auto held = host.hold_packages(); !held) {
    if (upgrade.phase != UpgradePhase::wanted) return held;
    return go_to(upgrade, host, UpgradePhase::failed, held.error().describe() + "; nothing was installed");
  }
  while (!is_over(upgrade)) {
    switch (upgrade.phase) {
      case UpgradePhase::wanted:
        TRY(begin(upgrade, host));
        break;
      case UpgradePhase::installing:
        if (const auto installed = install(host, upgrade.to); installed)
          TRY(go_to(upgrade, host, UpgradePhase::waiting, ""));
        else
          TRY(go_to(upgrade, host, UpgradePhase::putting_back, installed.error().describe()));
        break;
      case UpgradePhase::waiting:
        TRY(wait(upgrade, host, clock, patience));
        break;
      case UpgradePhase::putting_back:
        TRY(put_back(upgrade, host));
        break;
      case UpgradePhase::done:
      case UpgradePhase::failed:
        break;
    }
  }
  return {};
}

}  // namespace suture::agent
