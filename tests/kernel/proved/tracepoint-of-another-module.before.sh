# modules: 9p
[ -d /sys/module/9pnet ] && grep -q 9p /proc/filesystems
