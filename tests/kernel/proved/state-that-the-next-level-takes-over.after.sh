grep -q "suture 3 after 2" /proc/cmdline
