# modules: zram
echo 1M >/sys/block/zram0/disksize || exit 1
used=$(awk '{ print $3 }' /sys/block/zram0/mm_stat)
echo 1 >/sys/block/zram0/reset
echo "$used bytes used"
[ "$used" -lt 4000000 ]
