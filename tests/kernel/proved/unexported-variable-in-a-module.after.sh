mkdir -p /tmp/binfmt
mount -t binfmt_misc none /tmp/binfmt || exit 1
status=$(cat /tmp/binfmt/status)
umount /tmp/binfmt
[ "$status" = "$(cat /proc/cmdline)" ]
