# after an oops nothing more is loaded or unloaded: held, and a reboot asked for
suture-agent apply --config /agent.yaml --plan oopsing >/tmp/said 2>&1 &
applying=$!
await enabled oopsing
cat /proc/softirqs
wait $applying
code=$?
cat /tmp/said
[ $code = 2 ] || fail "it ended with $code"
grep -q 'stuck: oops' /tmp/said || fail "it was not said"
enabled oopsing || fail "it was unloaded"
expect 2 agent revert
enabled oopsing || fail "it was unloaded"
expect 2 agent status
expect 1 agent apply --plan printk
says 'kernel-damaged'
