grep -q suture /proc/cmdline && grep -q suture /proc/version
