printf "#!/bin/sh\nexit 0\n" >/tmp/suture-forbidden.sh
chmod +x /tmp/suture-forbidden.sh
if /tmp/suture-forbidden.sh 2>/dev/null; then exit 1; fi
mkdir -p /tmp/trace
mount -t tracefs tracefs /tmp/trace || exit 1
echo 1 >/tmp/trace/events/sched/sched_process_exec/enable
/bin/busybox true
echo 0 >/tmp/trace/events/sched/sched_process_exec/enable
grep sched_process_exec: /tmp/trace/trace | head -2
seen=$(grep -c "sched_process_exec: filename=/bin/busybox" /tmp/trace/trace)
echo >/tmp/trace/trace
umount /tmp/trace
[ "$seen" -ge 1 ]
