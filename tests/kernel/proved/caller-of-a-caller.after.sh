# modules: loop
mkdir -p /tmp/debug
dd if=/dev/zero of=/tmp/disk bs=64k count=16 2>/dev/null
mount -t debugfs debugfs /tmp/debug && losetup /dev/loop0 /tmp/disk || exit 1
tags=$(cat /tmp/debug/block/loop0/hctx0/tags)
losetup -d /dev/loop0
umount /tmp/debug
echo "the loop device's tags:" $tags
case $tags in *taken=*) exit 0 ;; esac
exit 1
