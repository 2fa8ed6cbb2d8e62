#!/bin/sh
# Run by a unit in each of two boots of a Debian host, once the agent's have been started.
fail() {
  echo "FAIL: $*"
  systemctl --no-pager status suture-agent suture-agent-boot
  journalctl --no-pager -b -u suture-agent -u suture-agent-boot -o short-monotonic
  echo end
  systemctl poweroff
  exit 1
}
. /words.sh
of() { systemctl show "$1" --property="$2" --value; }

if [ ! -e /var/second-boot ]; then
  touch /var/second-boot
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
  systemctl stop suture-agent
  systemctl reset-failed suture-agent
  enabled level_2 || fail "with the daemon the level went"
  echo "ok   stopping the daemon leaves the level as it is"
  echo cut
  systemctl reboot
else
  await sh -c '[ "$(systemctl show suture-agent-boot --property=ActiveState --value)" = active ]'
  enabled level_2 || fail "the level is not in force after the reboot"
  [ "$(of suture-agent-boot Result)" = success ] || fail "the boot unit failed"
  [ "$(of suture-agent-boot ActiveEnterTimestampMonotonic)" -lt "$(of sysinit.target ActiveEnterTimestampMonotonic)" ] ||
    fail "the level came after sysinit.target"
  echo "ok   after a reboot the level is in force before anything else begins"
  echo end
  systemctl poweroff
fi
