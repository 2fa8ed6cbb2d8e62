# modules: zram
mkdir -p /tmp/sized
mount -t tmpfs -o size=3h tmpfs /tmp/sized || exit 1
blocks=$(df -k /tmp/sized | awk 'END { print $(NF - 4) }')
umount /tmp/sized
echo 1h >/sys/block/zram0/disksize || exit 1
size=$(cat /sys/block/zram0/disksize)
echo 1 >/sys/block/zram0/reset
echo "to tmpfs 3h is $blocks KiB, and to zram 1h is $size bytes"
[ "$blocks" = 6144 ] && [ "$size" = 2097152 ]
