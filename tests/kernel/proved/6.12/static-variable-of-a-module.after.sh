echo 1M >/sys/block/zram0/disksize || exit 1
stat=$(cat /sys/block/zram0/mm_stat)
echo 1 >/sys/block/zram0/reset
echo "$stat"
major=$(awk '$2 == "zram" { print $1 }' /proc/devices)
[ -n "$major" ] || exit 1
case $stat in "suture $major "*) ;; *) exit 1 ;; esac
