grep -q "^suture" /proc/self/sched || exit 1
echo 1 >/proc/sys/kernel/sched_schedstats
grep -q nr_wakeups /proc/self/sched || exit 1
echo 0 >/proc/sys/kernel/sched_schedstats
! grep -q nr_wakeups /proc/self/sched
