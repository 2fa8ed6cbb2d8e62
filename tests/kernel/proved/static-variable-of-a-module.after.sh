mkdir -p /tmp/binfmt
mount -t binfmt_misc none /tmp/binfmt || exit 1
echo 0 >/tmp/binfmt/status
off=$(cat /tmp/binfmt/status)
echo 1 >/tmp/binfmt/status
on=$(cat /tmp/binfmt/status)
umount /tmp/binfmt
echo "$off, $on"
[ "$off" = "disabled (suture)" ] && [ "$on" = "enabled (suture)" ]
