# a setting that somebody else changed since is not overwritten
before=$(cat /proc/sys/kernel/printk_ratelimit)
expect 0 agent apply --plan printk
[ "$(cat /proc/sys/kernel/printk_ratelimit_burst)" = 77 ] || fail "it was not set"
echo 3 >/proc/sys/kernel/printk_ratelimit
expect 2 agent revert
says 'conflict'
[ "$(cat /proc/sys/kernel/printk_ratelimit)" = 3 ] || fail "it was overwritten"
expect 2 agent status
says 'local printk is stuck'
echo 7 >/proc/sys/kernel/printk_ratelimit
expect 0 agent revert
[ "$(cat /proc/sys/kernel/printk_ratelimit)" = "$before" ] || fail "it did not come back"
