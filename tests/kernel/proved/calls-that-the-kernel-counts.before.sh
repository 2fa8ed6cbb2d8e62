cat /sys/devices/system/cpu/vulnerabilities/retbleed
grep -q "Stuffing" /sys/devices/system/cpu/vulnerabilities/retbleed && ! grep -q " 0 1 2 " /proc/cmdline
