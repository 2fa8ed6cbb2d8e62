cat /proc/cmdline /proc/cmdline /proc/cmdline >/dev/null
grep -q "suture many" /proc/cmdline
