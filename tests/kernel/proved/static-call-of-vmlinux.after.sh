# Where one CPU rewrites code that another one runs, QEMU's emulation now and then goes round in it for ever: the
# switching is left to one.
echo 0 >/sys/devices/system/cpu/cpu1/online
mode=$(sed 's/.*(\(.*\)).*/\1/' /sys/kernel/debug/sched/preempt)
for other in full none voluntary; do
  echo $other >/sys/kernel/debug/sched/preempt
  ls /proc | grep -qx 1 || exit 1
  if ls /proc | grep -qx 2; then exit 1; fi
done
echo "$mode" >/sys/kernel/debug/sched/preempt
echo 1 >/sys/devices/system/cpu/cpu1/online
