# One boot of a scenario. The disk is at /disk; what a host begins with is done before the scenario goes on.

fail() {
  echo "boot $boot: $*"
  echo "FAIL"
  exit 1
}
. /words.sh
# The power goes: nothing is written any more, nobody is told.
cut_power() {
  echo cut
  usleep 200000 # for the serial port
  echo o >/proc/sysrq-trigger
  sleep 1000
}
shut_down() {
  umount /disk
  echo cut
  usleep 200000
  poweroff -f
}

for module in /modules/*; do
  case $module in *ramoops*) options="mem_address=0x10000000 mem_size=0x100000 record_size=0x20000" ;; *) options= ;; esac
  insmod "$module" $options || fail "insmod $module"
done 2>&1
mkdir -p /disk /sys/fs/pstore
mount -t ext4 /dev/vda /disk || fail "no disk"
mount -t pstore pstore /sys/fs/pstore
boot=$(($(cat /disk/boots 2>/dev/null || echo 0) + 1))
echo $boot >/disk/boots
sync
echo "boot $boot:"
. /scenario.sh
echo end
