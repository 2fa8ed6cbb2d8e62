mkdir -p /tmp/a /tmp/b /tmp/both
touch /tmp/a/suture
mount -t overlay -o lowerdir=/tmp/a:/tmp/b none /tmp/both || exit 1
grep overlay /proc/mounts
[ -e /tmp/both/suture ] && ! grep -q overlay.*suture /proc/mounts
seen=$?
umount /tmp/both
exit $seen
