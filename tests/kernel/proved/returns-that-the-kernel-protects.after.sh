# Deeper than the CPU remembers returns, into the kernel and into a module that the live patch does not wait for.
echo 1M >/sys/block/zram0/disksize || exit 1
stat=$(cat /sys/block/zram0/mm_stat)
echo 1 >/sys/block/zram0/reset
cat /sys/devices/system/cpu/vulnerabilities/retbleed
case $stat in suture*) ;; *) exit 1 ;; esac
grep -q "untrained return thunk" /sys/devices/system/cpu/vulnerabilities/retbleed && grep -q " 0 1 2 .* 18 19 20$" /proc/cmdline
