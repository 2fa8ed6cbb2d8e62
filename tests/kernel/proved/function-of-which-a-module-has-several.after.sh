# with: minix-images.sh
# modules: loop
. ./minix-images.sh
for version in 1 2; do
  mount -t minix -o loop /tmp/minix$version /tmp/mnt || exit 1
  dd if=/dev/zero of=/tmp/mnt/file bs=1k count=3 || exit 1
  dd if=/dev/zero of=/tmp/mnt/file bs=1k count=5 && exit 1
  umount /tmp/mnt
done
true
