cat /proc/cmdline >/dev/null
grep -q "suture 1" /proc/cmdline
