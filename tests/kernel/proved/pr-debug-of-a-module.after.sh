# modules: binfmt_misc
mkdir -p /tmp/binfmt
mount -t binfmt_misc none /tmp/binfmt || exit 1
said() { dmesg | grep -c "register: received 29 bytes"; }
register() {
  if printf ":suture:M::suture::/bin/true:" >/tmp/binfmt/register; then
    echo "a registration of 29 bytes was taken"
    exit 1
  fi
}
first=$(said)
register
off=$(said)
echo "file fs/binfmt_misc.c +p" >/proc/dynamic_debug/control
register
on=$(said)
echo "file fs/binfmt_misc.c -p" >/proc/dynamic_debug/control
register
last=$(said)
umount /tmp/binfmt
echo "messages: $first, off $off, on $on, off $last"
[ "$off" = "$first" ] && [ "$on" = $((off + 1)) ] && [ "$last" = "$on" ]
