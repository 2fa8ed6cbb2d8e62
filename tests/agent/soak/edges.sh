# each proven way between no level and two levels, a hundred times, while the patched function is called without end
sed 's/patience: 5s/patience: 60s/; s/soak: 1s/soak: 0s/' /agent.yaml >/tmp/soak.yaml
while :; do cat /proc/cmdline >/dev/null; done &
while :; do dd if=/dev/urandom of=/tmp/junk bs=64k count=8 2>/dev/null; done &
# What a load that comes and goes makes of the host's readings is what `noise` is about: such a way was gone there and
# back, and is gone again.
step() { # COMMAND ARGUMENT...
  until suture-agent "$@" --config /tmp/soak.yaml >/tmp/said 2>&1; do
    grep -q 'undone: worse' /tmp/said && [ $worse -lt 6 ] || {
      cat /tmp/said
      fail "round $round: $*"
    }
    worse=$((worse + 1))
    suture-agent release --config /tmp/soak.yaml --all >/dev/null 2>&1
  done
  transitions=$((transitions + 1))
}
worse=0
transitions=0
for round in $(seq 100); do
  step apply --from /served --level 1
  enabled level_1 || fail "round $round: level 1 is not in force"
  step apply --from /served --level 2
  { enabled level_2 && gone level_1; } || fail "round $round: level 2 did not replace level 1"
  step revert
  { enabled level_1 && gone level_2; } || fail "round $round: level 1 did not come back"
  step revert
  gone level_1 || fail "round $round: level 1 is still there"
  step apply --from /served --level 2
  enabled level_2 || fail "round $round: level 2 is not in force"
  step revert
  gone level_2 || fail "round $round: level 2 is still there"
  if grep -q first /proc/cmdline; then fail "round $round: the old code did not come back"; fi
done
taint=$(cat /proc/sys/kernel/tainted)
[ $((taint & 0x280)) = 0 ] || fail "the kernel oopsed or warned: taint $taint"
summary="$transitions transitions, $worse more called worse and undone, in $(cut -d. -f1 /proc/uptime) s"
