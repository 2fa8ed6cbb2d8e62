# without room for the journal nothing is begun, and what is in force can still be taken back
mkdir -p /tmp/small
mount -t tmpfs -o size=64k tmpfs /tmp/small
sed 's|^state: .*|state: /tmp/small/state|; s|free-mib: 1|free-mib: 0|' /agent.yaml >/tmp/small.yaml
dd if=/dev/zero of=/tmp/small/fill bs=4k 2>/dev/null
expect 1 suture-agent apply --config /tmp/small.yaml --plan cmdline
says 'No space left on device'
gone cmdline || fail "a live patch of which no journal knows was loaded"
rm /tmp/small/fill
expect 0 suture-agent apply --config /tmp/small.yaml --plan cmdline
sed 's|free-mib: 0|free-mib: 1|' /tmp/small.yaml >/tmp/roomy.yaml
expect 1 suture-agent apply --config /tmp/roomy.yaml --plan printk
says 'no-room'
dd if=/dev/zero of=/tmp/small/fill bs=4k 2>/dev/null
expect 0 suture-agent revert --config /tmp/small.yaml
gone cmdline || fail "it is still there"
umount /tmp/small
