mkdir -p /tmp/binfmt
# As rebuilt: with another build-id in its note, and without the signature.
xxd -p $MODULES/binfmt_misc.ko | tr -d '\n' | sed 's/\(040000001400000003000000474e5500\)......../\100000000/' | xxd -r -p | head -c -28 >/tmp/rebuilt.ko
rmmod binfmt_misc || exit 1
insmod /tmp/rebuilt.ko && exit 1
insmod $MODULES/binfmt_misc.ko && mount -t binfmt_misc none /tmp/binfmt || exit 1
status=$(cat /tmp/binfmt/status)
umount /tmp/binfmt
[ "$status" = "enabled (suture)" ]
