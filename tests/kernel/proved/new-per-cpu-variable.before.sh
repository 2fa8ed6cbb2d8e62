! grep -q suture /proc/cmdline
