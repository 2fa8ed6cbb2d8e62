# somebody else's live patch refuses ours
insmod /patches/cmdline.ko
await enabled cmdline
expect 1 agent apply --plan sleeping
says 'foreign-live-patch'
gone sleeping || fail "it was loaded"
echo 0 >/sys/kernel/livepatch/cmdline/enabled
await test ! -e /sys/kernel/livepatch/cmdline
await rmmod cmdline
