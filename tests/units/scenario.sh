#!/bin/sh
# Run by a unit in each of two boots of a Debian host.
fail() {
  echo "FAIL: $*"
  systemctl --no-pager status suture-agent suture-agent-boot suture-agent-upgrade
  journalctl --no-pager -b -u suture-agent -u suture-agent-boot -u suture-agent-upgrade -o short-monotonic
  cat /var/lib/suture/upgrade/record.json
  echo end
  systemctl poweroff
  exit 1
}
. /words.sh
# By its path: the shell is busybox, which has a dpkg of its own.
install_packages() { /usr/bin/dpkg --install /packages/*.deb >/tmp/dpkg 2>&1 || fail "dpkg: $(cat /tmp/dpkg)"; }
installed() { /usr/bin/dpkg-query --show --showformat='${Version} ${Status}' "$1"; }
is_installed() { # VERSION: and nothing else, not in half
  [ "$(installed suture-agent) $(installed suture-fetch)" = "$1 install ok installed $1 install ok installed" ] ||
    fail "installed are $(installed suture-agent) and $(installed suture-fetch), not $1"
  [ "$(suture-agent --version)" = "suture-agent $1" ] || fail "the program says it is $(suture-agent --version)"
}
upgrade=/var/lib/suture/upgrade
version_of() { /usr/bin/dpkg-deb --field "$1"/suture-agent_*.deb Version; }
now=$(version_of /packages) good=$(version_of /later/good) hanging=$(version_of /later/hanging)
release() { # DIRECTORY: its packages are laid where the daemon fetches them to; their part of the record
  packages=
  for package in "$1"/*.deb; do
    cp "$package" $upgrade
    digest=$(sha256sum "$package")
    packages="$packages${packages:+, }{\"file\": \"${package##*/}\", \"sha256\": \"${digest%% *}\"}"
  done
  echo "{\"release\": 1, \"version\": \"$(version_of "$1")\", \"packages\": [$packages]}"
}
# want FROM TO: directories of packages. What the daemon does once a fleet's server told it to, up to asking systemd for
# the installer.
want() {
  mkdir -p $upgrade
  rm -f $upgrade/*
  echo "{\"format\": 1, \"sequence\": 1, \"from\": $(release "$1"), \"to\": $(release "$2"), \"before\": 0, \"phase\": \"wanted\", \"reason\": \"\"}" >$upgrade/record.json
  touch $upgrade/unfinished
}
begin_installer() { systemctl start --no-block suture-agent-upgrade || fail "the installer cannot be started"; }
is_at() { grep -q "\"phase\": \"$1\"" $upgrade/record.json; }
is_over() { is_at done || is_at failed; }
# Stands for the daemon whose report a fleet's server has acknowledged: there is no server here.
say_reported() { echo "$1" >$upgrade/reported; }
# ends PHASE [REASON]
ends() {
  await is_over
  is_at "$1" || fail "it did not end as $1"
  grep -qe "${2:-}" $upgrade/record.json || fail "the record does not say: $2"
  await sh -c '[ "$(systemctl show suture-agent-upgrade --property=MainPID --value)" = 0 ]'
  [ ! -e $upgrade/unfinished ] || fail "it is called unfinished"
  [ ! -e /usr/sbin/suture-agent.before ] || fail "the program has its second name still"
}
of() { systemctl show "$1" --property="$2" --value; }

if [ ! -e /var/second-boot ]; then
  touch /var/second-boot
  mv /etc/suture/agent.yaml /tmp
  install_packages
  [ "$(systemctl is-enabled suture-agent suture-agent-boot | sort -u)" = enabled ] || fail "the units are not enabled"
  systemctl start suture-agent # as long as there is no configuration, nothing
  systemctl is-active --quiet suture-agent && fail "the daemon runs without a configuration"
  mv /tmp/agent.yaml /etc/suture
  systemctl start suture-agent || fail "it cannot be started"
  complaints=$(systemd-analyze verify suture-agent.service suture-agent-boot.service suture-agent-upgrade.service 2>&1)
  [ -z "$complaints" ] || fail "systemd complains of the units: $complaints"
  echo "ok   systemd $(systemctl --version | sed -n '1s/^systemd \([0-9]*\).*/\1/p') takes the units as they are"
  await systemctl is-active --quiet suture-agent
  await enabled level_2
  await sh -c 'suture-agent status | grep -q "in force  "'
  echo "ok   the daemon takes the highest level from a web server, confined to what its unit lets it"
  [ "$(of suture-agent NRestarts)" = 0 ] || fail "it was restarted"
  [ -s /var/lib/prometheus/node-exporter/suture.prom ] || fail "no metrics in the textfile"
  journalctl -b --no-pager -o cat SUTURE_EVENT=committed | grep -q 'level 2: committed' || fail "the journal has no SUTURE_EVENT=committed"
  echo "ok   the system journal has what was done, in fields of its own"
  systemctl reload suture-agent || fail "it cannot be reloaded"
  await sh -c 'journalctl -b --no-pager -u suture-agent -o cat | grep -q "read again"'
  await systemctl is-active --quiet suture-agent
  echo "ok   a reload reads the configuration again"
  systemctl restart suture-agent || fail "it cannot be restarted"
  await systemctl is-active --quiet suture-agent
  enabled level_2 || fail "with the restart the level went"
  watched=$(of suture-agent WatchdogUSec)
  [ "$watched" = 2min ] || fail "systemd does not watch it: $watched"
  # The watchdog's time is cut short, and the daemon told by a restart.
  mkdir -p /run/systemd/system/suture-agent.service.d
  printf '[Service]\nWatchdogSec=15\n' >/run/systemd/system/suture-agent.service.d/short.conf
  systemctl daemon-reload
  systemctl restart suture-agent
  began=$(of suture-agent WatchdogTimestampMonotonic)
  heard_for_long() { [ "$(of suture-agent WatchdogTimestampMonotonic)" -gt $((began + 20000000)) ]; }
  await heard_for_long
  [ "$(of suture-agent NRestarts)" = 0 ] || fail "the watchdog killed it"
  echo "ok   the watchdog hears from it"
  kill -STOP "$(of suture-agent MainPID)"
  await sh -c '[ "$(systemctl show suture-agent --property=Result --value)" = watchdog ]'
  enabled level_2 || fail "with the hung daemon the level went"
  echo "ok   the watchdog ends one that hangs, and what is in force stays"
  systemctl reset-failed suture-agent
  rm -r /run/systemd/system/suture-agent.service.d
  systemctl daemon-reload
  systemctl restart suture-agent
  daemon=$(of suture-agent MainPID)
  install_packages
  [ "$(of suture-agent MainPID)" != "$daemon" ] || fail "the old daemon runs on"
  systemctl is-active --quiet suture-agent || fail "no daemon runs after the upgrade"
  enabled level_2 || fail "with the upgrade the level went"
  echo "ok   an upgrade of the package starts the daemon anew, and leaves the level as it is"

  want /packages /later/good
  echo >>"$upgrade/suture-fetch_${good}_amd64.deb"
  # As the daemon asks for it: with no more than what its unit lets it.
  mkdir -p /run/systemd/system/suture-agent.service.d
  printf '[Service]\nExecStartPost=/bin/systemctl start --no-block suture-agent-upgrade.service\n' >/run/systemd/system/suture-agent.service.d/asks.conf
  systemctl daemon-reload
  systemctl restart suture-agent
  daemon=$(of suture-agent MainPID)
  ends failed "suture-fetch_${good}_amd64.deb: has SHA-256 .* nothing was installed"
  is_installed "$now"
  [ "$(of suture-agent MainPID)" = "$daemon" ] || fail "the daemon was started anew"
  rm -r /run/systemd/system/suture-agent.service.d
  systemctl daemon-reload
  echo "ok   of a release with a package that is not what was signed nothing is installed"
  want /packages /later/good
  suture-agent hold >/dev/null || fail "it cannot be held"
  begin_installer
  ends failed "this host is held; nothing was installed"
  is_installed "$now"
  suture-agent release --host >/dev/null || fail "it cannot be released"
  echo "ok   nor on a host that was held since it was asked"
  want /packages /later/not-running
  begin_installer
  ends failed "$now is back"
  is_installed "$now"
  await systemctl is-active --quiet suture-agent
  enabled level_2 || fail "with the bad release the level went"
  echo "ok   a release whose daemon does not run is replaced by the one before, and the record says why:"
  sed -n 's/.*"reason": /     /p' $upgrade/record.json
  want /packages /later/good
  begin_installer
  await is_at waiting
  is_installed "$good"
  systemctl is-active --quiet suture-agent || fail "no daemon runs"
  say_reported "$good"
  ends done
  is_installed "$good"
  enabled level_2 || fail "with the new release the level went"
  echo "ok   a good release stays once it has reported, and leaves the level as it is"
  want /later/good /later/hanging
  sync
  begin_installer
  await test -e /var/hung
  is_at installing || fail "dpkg is at work, and the record does not say so"
  echo cut
  usleep 200000 # for the serial port
  echo b >/proc/sysrq-trigger
  sleep 1000
else
  await sh -c '[ "$(systemctl show suture-agent-boot --property=ActiveState --value)" = active ]'
  enabled level_2 || fail "the level is not in force after the reboot"
  [ "$(of suture-agent-boot Result)" = success ] || fail "the boot unit failed"
  [ "$(of suture-agent-boot ActiveEnterTimestampMonotonic)" -lt "$(of sysinit.target ActiveEnterTimestampMonotonic)" ] ||
    fail "the level came after sysinit.target"
  echo "ok   after a power cut the level is in force before anything else begins"
  await is_at waiting
  say_reported "$hanging"
  ends done
  is_installed "$hanging"
  await systemctl is-active --quiet suture-agent
  enabled level_2 || fail "with the upgrade that was cut short the level went"
  echo "ok   a power cut in the middle of installing does not keep the upgrade from its end"
  /usr/bin/dpkg --remove suture-agent >/tmp/dpkg 2>&1 || fail "dpkg: $(cat /tmp/dpkg)"
  systemctl is-active --quiet suture-agent && fail "the daemon outlived its package"
  enabled level_2 || fail "with the package the level went"
  [ -s /var/lib/suture/journal ] || fail "with the package the journal went"
  echo "ok   removing the package leaves the level as it is"
  echo end
  systemctl poweroff
fi
