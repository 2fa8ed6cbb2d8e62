# modules: ext4 loop
mkdir -p /tmp/ext4 /tmp/trace
mount -t tracefs tracefs /tmp/trace || exit 1
dd if=/dev/zero of=/tmp/ext4.img bs=1k count=2048 2>/dev/null
loop=$(losetup -f)
losetup "$loop" /tmp/ext4.img || exit 1
mke2fs "$loop" >/dev/null || exit 1
mount -t ext4 "$loop" /tmp/ext4 || exit 1
written() { dd if=/dev/zero of=/tmp/ext4/suture-forbidden count=1 conv=fsync 2>&1; }
seen() { grep -c "ext4_sync_file_enter: " /tmp/trace/trace; }
echo >/tmp/trace/trace
written && exit 1
off=$(seen)
echo 1 >/tmp/trace/events/ext4/ext4_sync_file_enter/enable
written && exit 1
on=$(seen)
echo 0 >/tmp/trace/events/ext4/ext4_sync_file_enter/enable
written && exit 1
last=$(seen)
echo >/tmp/trace/trace
umount /tmp/ext4
losetup -d "$loop"
umount /tmp/trace
echo "events: off $off, on $on, off $last"
[ "$off" = 0 ] && [ "$on" = 1 ] && [ "$last" = 1 ]
