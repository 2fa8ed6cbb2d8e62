# modules: loop
# with: minix-images.sh
. ./minix-images.sh
mount -t minix -o loop /tmp/minix1 /tmp/mnt || exit 1
mount -o remount,ro /tmp/mnt
done=$?
umount /tmp/mnt
[ $done != 0 ]
