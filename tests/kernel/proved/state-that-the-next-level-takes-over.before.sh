! grep -q "suture 3" /proc/cmdline
