mkdir -p /tmp/shared
mount -t tmpfs none /tmp/shared || exit 1
mount --make-shared /tmp/shared || exit 1
mkdir /tmp/shared/below
mount -t tmpfs none /tmp/shared/below || exit 1
grep " /tmp/shared" /proc/mounts
without_devices=$(grep -c " /tmp/shared.*nodev" /proc/mounts)
umount /tmp/shared/below /tmp/shared
[ "$without_devices" = 2 ]
