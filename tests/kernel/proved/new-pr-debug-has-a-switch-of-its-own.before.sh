! grep -q suture /proc/dynamic_debug/control
