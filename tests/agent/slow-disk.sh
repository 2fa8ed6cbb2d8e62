# a live patch that makes a disk slow is taken back, and the verdict tells the latency
insmod /modules/configfs.ko 2>/dev/null # where it is not built in
# A disk without a medium (null_blk): its driver is the kernel's own, and completes by a timer.
insmod /modules/null_blk.ko irqmode=2 || fail "no disk"
while :; do dd if=/dev/nullb0 of=/dev/null bs=4k count=50 iflag=direct 2>/dev/null; done &
load=$!
sed 's/samples: 3, interval: 200ms/samples: 8, interval: 500ms/' /agent.yaml >/tmp/longer.yaml
said=$(suture-agent apply --config /tmp/longer.yaml --plan slow_disk 2>&1)
code=$?
kill $load
echo "$said"
[ $code = 1 ] || fail "apply ended with $code"
says 'undone: worse'
case $said in *disk_latency_ms* | *slowest_disk_ms*) ;; *) fail "something else was worse" ;; esac
gone slow_disk || fail "it is still there"
expect 0 agent release --all
await rmmod null_blk # the last reader may still be at it
