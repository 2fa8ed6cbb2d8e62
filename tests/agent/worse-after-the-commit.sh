# what warns after its commit is taken back by the daemon and held while its watch lasts, and told afterwards
watched() { sed "s|^health: .*|health: {samples: 3, interval: 200ms, soak: 1s, watch: $1, watch-interval: 1s}\ntextfile: /tmp/watched.prom|" /agent.yaml >/tmp/watched.yaml; }
watched 1h
suture-agent run --config /tmp/watched.yaml >/tmp/daemon.log 2>&1 &
daemon=$!
await test -e /tmp/watched.prom # its first work is done
expect 0 agent apply --plan warning
enabled warning || fail "it is not there"
echo "WARNING: CPU: 0 PID: 1 at show_softirqs+0x1/0x2 [warning]" >/dev/kmsg # not the kernel
cat /proc/softirqs >/dev/null
await gone warning
await grep -q 'turned out worse: kernel log: warning: WARNING: CPU: .* show_softirqs+' /tmp/daemon.log
await grep -q 'suture_holds 1' /tmp/watched.prom # and the daemon has done with it
expect 1 agent apply --plan warning
says 'kernel log: warning'
expect 0 agent release --all

watched 0s
kill -HUP $daemon
await grep -q 'the configuration was read again' /tmp/daemon.log
expect 0 agent apply --plan warning
cat /proc/softirqs >/dev/null
await sh -c '[ $(grep -c "turned out worse" /tmp/daemon.log) = 2 ]'
enabled warning || fail "its watch was over"
kill -TERM $daemon
wait $daemon
expect 0 agent revert
gone warning || fail "it is still there"
