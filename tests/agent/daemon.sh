# the daemon takes what the configuration lets it, by itself, tells its metrics, and ends when it is told to
sed 's|^repository: .*|repository: {root: /root.json, source: /served, check: 1h}\napply: everything|' /agent.yaml >/tmp/daemon.yaml
suture-agent run --config /tmp/daemon.yaml >/tmp/daemon.log 2>&1 &
daemon=$!
await enabled level_2
await sh -c 'suture-agent status --config /tmp/daemon.yaml | grep -q "level        2"'
await test -S /run/suture/metrics.sock
# A wrong configuration leaves the old one in force, and the daemon alive.
cp /tmp/daemon.yaml /tmp/right.yaml
echo 'nonsense: 1' >>/tmp/daemon.yaml
kill -HUP $daemon
await grep -q 'the old configuration stays in force' /tmp/daemon.log
cp /tmp/right.yaml /tmp/daemon.yaml
kill -TERM $daemon
wait $daemon || fail "it ended with $?: $(cat /tmp/daemon.log)"
enabled level_2 || fail "with the daemon the level went"
expect 0 agent revert
gone level_2 || fail "it is still there"
