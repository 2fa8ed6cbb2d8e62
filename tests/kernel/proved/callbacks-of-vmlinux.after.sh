dmesg | grep -q "suture: patched" && grep -q " suture$" /proc/cmdline
