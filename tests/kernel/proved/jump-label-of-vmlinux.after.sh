# As in static-call-of-vmlinux: one CPU does the switching.
echo 0 >/sys/devices/system/cpu/cpu1/online
grep -q "^suture" /proc/self/sched || exit 1
echo 1 >/proc/sys/kernel/sched_schedstats
grep -q nr_wakeups /proc/self/sched || exit 1
echo 0 >/proc/sys/kernel/sched_schedstats
! grep -q nr_wakeups /proc/self/sched || exit 1
echo 1 >/sys/devices/system/cpu/cpu1/online
