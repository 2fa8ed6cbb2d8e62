# modules: ext4 loop
mkdir -p /tmp/ext4
dd if=/dev/zero of=/tmp/ext4.img bs=1k count=2048 2>/dev/null
loop=$(losetup -f)
losetup "$loop" /tmp/ext4.img || exit 1
mke2fs "$loop" >/dev/null || exit 1
mount -t ext4 "$loop" /tmp/ext4 || exit 1
dd if=/dev/zero of=/tmp/ext4/suture-forbidden count=1 conv=fsync
status=$?
umount /tmp/ext4
losetup -d "$loop"
exit $status
