echo 1M >/sys/block/zram0/disksize || exit 1
stat=$(cat /sys/block/zram0/mm_stat)
echo 1 >/sys/block/zram0/reset
echo "$stat"
case $stat in suture*) exit 1 ;; esac
