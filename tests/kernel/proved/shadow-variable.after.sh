cat /proc/cmdline >/dev/null
grep -q "suture 2" /proc/cmdline
