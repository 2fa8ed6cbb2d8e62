# a module that is not the one that was verified is not loaded, and the steps before it are undone
before=$(cat /proc/sys/kernel/printk_ratelimit)
expect 1 agent apply --plan wrong-in-the-middle
says 'is not the file that was verified'
[ "$(cat /proc/sys/kernel/printk_ratelimit)" = "$before" ] || fail "the step before was not undone"
gone cmdline || fail "it was loaded"
