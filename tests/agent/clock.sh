# a clock far ahead blocks new levels, never a boot or a revert; one far behind is not believed
expect 0 agent apply --from /served --level 1
now=$(date +%s)
date -s @$((now + 400000000)) >/dev/null
agent apply --from /served >/tmp/said 2>&1 && fail "a level was taken on expired metadata"
grep -q 'expired' /tmp/said || fail "it was not said: $(cat /tmp/said)"
expect 0 agent boot
enabled level_1 || fail "expired metadata took the level away"
date -s @$((now - 400000000)) >/dev/null
expect 1 agent status # level 2 waits
says 'level        1 of 2'
date -s @$now >/dev/null
expect 0 agent revert
gone level_1 || fail "it is still there"
