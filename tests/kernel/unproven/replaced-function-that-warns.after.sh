cat /proc/cmdline
dmesg | sed -n '/ <TASK>/,/ <\/TASK>/p' >/tmp/trace
cat /tmp/trace
# Frames that the unwinder has not found, but words on the stack that look like some, have a mark.
for caller in seq_read_iter do_syscall_64 entry_SYSCALL_64_after_hwframe; do
  grep -q "]  $caller+" /tmp/trace || exit 1
done
