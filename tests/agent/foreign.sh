# somebody else's live patch refuses ours, unless a plan of the configuration says that it takes it over
insmod /patches/cmdline.ko
await enabled cmdline
expect 1 agent apply --plan sleeping
says 'foreign-live-patch'
gone sleeping || fail "it was loaded"
await grep -q 0 /sys/kernel/livepatch/cmdline/transition
expect 0 agent plan --plan cmdline2
says 'takes-over'
expect 0 agent apply --plan cmdline2
{ enabled cmdline2 && gone cmdline; } || fail "it was not taken over"
expect 0 agent revert
{ enabled cmdline && gone cmdline2; } || fail "it was not given back"
echo 0 >/sys/kernel/livepatch/cmdline/enabled
await test ! -e /sys/kernel/livepatch/cmdline
await rmmod cmdline
