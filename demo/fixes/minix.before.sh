# with: minix-image.sh
# modules: loop
. ./minix-image.sh
mount -t minix -o loop,ro $image /tmp/mnt || exit 1
umount /tmp/mnt
echo "the image with blocks of 8 KiB was mounted"
