mkdir -p /tmp/binfmt
for time in 1 2 3; do
  mount -t binfmt_misc none /tmp/binfmt || exit 1
  status=$(cat /tmp/binfmt/status)
  umount /tmp/binfmt
  [ "$status" = "enabled (suture)" ] || exit 1
  rmmod binfmt_misc && insmod $MODULES/binfmt_misc.ko || exit 1
done
