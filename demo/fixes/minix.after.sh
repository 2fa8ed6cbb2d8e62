# with: minix-image.sh
# modules: loop
. ./minix-image.sh
if mount -t minix -o loop,ro $image /tmp/mnt 2>/tmp/mount.log; then umount /tmp/mnt; exit 1; fi
echo "the image with blocks of 8 KiB was refused: $(cat /tmp/mount.log)"
