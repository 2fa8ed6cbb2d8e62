# modules: zram
echo deflate >/sys/block/zram0/comp_algorithm || exit 1
echo 1M >/sys/block/zram0/disksize || exit 1
yes suture | dd of=/dev/zram0 bs=4k count=1 2>/dev/null
sync
used=$(awk '{ print $2 }' /sys/block/zram0/mm_stat)
echo 1 >/sys/block/zram0/reset
echo "a page became $used bytes"
[ "$used" -lt 1000 ]
