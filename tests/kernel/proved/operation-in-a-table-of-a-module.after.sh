mkdir -p /tmp/binfmt
mount -t binfmt_misc none /tmp/binfmt || exit 1
part=$(dd if=/tmp/binfmt/status bs=1 skip=1 count=3 2>/dev/null)
umount /tmp/binfmt
echo "after seeking to the second byte: $part"
[ "$part" = ena ]
