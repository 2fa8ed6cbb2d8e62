grep -q "suture 2" /proc/cmdline
