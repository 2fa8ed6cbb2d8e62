said() { dmesg | sed -n 's/.*binfmt_misc: suture: //p' | tail -n $1 | tr '\n' ','; }
mkdir -p /tmp/binfmt
mount -t binfmt_misc none /tmp/binfmt || exit 1
status=$(cat /tmp/binfmt/status)
umount /tmp/binfmt
[ "$status" = " (prepared)" ] || exit 1
said 2
[ "$(said 2)" = "prepares binfmt_misc,patched binfmt_misc," ] || exit 1
rmmod binfmt_misc && insmod $MODULES/binfmt_misc.ko || exit 1
said 4
[ "$(said 4)" = "leaves binfmt_misc,left binfmt_misc,prepares binfmt_misc,patched binfmt_misc," ]
