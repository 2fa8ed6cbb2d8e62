#!/bin/sh
# Run by a unit in each of two boots of a Debian host.
fail() {
  echo "FAIL: $*"
  systemctl --no-pager status suture-agent suture-agent-boot
  journalctl --no-pager -b -u suture-agent -u suture-agent-boot -o short-monotonic
  echo end
  systemctl poweroff
  exit 1
}
. /words.sh
# By its path: the shell is busybox, which has a dpkg of its own.
install_packages() { /usr/bin/dpkg --install /packages/*.deb >/tmp/dpkg 2>&1 || fail "dpkg: $(cat /tmp/dpkg)"; }
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
  complaints=$(systemd-analyze verify suture-agent.service suture-agent-boot.service 2>&1)
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
  printf '[Service]\nWatchdogSec=4\n' >/run/systemd/system/suture-agent.service.d/short.conf
  systemctl daemon-reload
  systemctl restart suture-agent
  began=$(of suture-agent WatchdogTimestampMonotonic)
  heard_for_long() { [ "$(of suture-agent WatchdogTimestampMonotonic)" -gt $((began + 12000000)) ]; }
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
  echo cut
  systemctl reboot
else
  await sh -c '[ "$(systemctl show suture-agent-boot --property=ActiveState --value)" = active ]'
  enabled level_2 || fail "the level is not in force after the reboot"
  [ "$(of suture-agent-boot Result)" = success ] || fail "the boot unit failed"
  [ "$(of suture-agent-boot ActiveEnterTimestampMonotonic)" -lt "$(of sysinit.target ActiveEnterTimestampMonotonic)" ] ||
    fail "the level came after sysinit.target"
  echo "ok   after a reboot the level is in force before anything else begins"
  /usr/bin/dpkg --remove suture-agent >/tmp/dpkg 2>&1 || fail "dpkg: $(cat /tmp/dpkg)"
  systemctl is-active --quiet suture-agent && fail "the daemon outlived its package"
  enabled level_2 || fail "with the package the level went"
  [ -s /var/lib/suture/journal ] || fail "with the package the journal went"
  echo "ok   removing the package leaves the level as it is"
  echo end
  systemctl poweroff
fi
