# modules: zram
mkdir -p /tmp/sized
if mount -t tmpfs -o size=3h tmpfs /tmp/sized 2>/dev/null; then
  umount /tmp/sized
  echo "tmpfs takes a size of 3h"
  exit 1
fi
echo 1h >/sys/block/zram0/disksize || exit 1
size=$(cat /sys/block/zram0/disksize)
echo 1 >/sys/block/zram0/reset
echo "tmpfs takes no size of 3h, and to zram 1h is $size bytes"
[ "$size" = 4096 ]
