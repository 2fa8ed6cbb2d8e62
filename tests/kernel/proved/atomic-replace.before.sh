! grep -q replaced /proc/cmdline
