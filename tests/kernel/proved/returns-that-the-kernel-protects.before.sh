cat /sys/devices/system/cpu/vulnerabilities/retbleed
grep -q "untrained return thunk" /sys/devices/system/cpu/vulnerabilities/retbleed && ! grep -q " 0 1 2 " /proc/cmdline
