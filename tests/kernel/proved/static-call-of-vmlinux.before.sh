ls /proc | grep -qx 2
