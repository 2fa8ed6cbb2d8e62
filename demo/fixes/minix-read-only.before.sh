# with: minix-image.sh
# modules: loop
blocks='\000\004'
. ./minix-image.sh
mount -t minix -o loop $image /tmp/mnt || exit 1
touch /tmp/mnt/file
status=$?
umount /tmp/mnt
[ $status = 0 ] && echo "a file was made on a minix file system"
