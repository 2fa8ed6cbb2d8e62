# One boot of a scenario. The disk is at /disk; what a host begins with is done before the scenario goes on.

fail() {
  echo "boot $boot: $*"
  echo "FAIL"
  exit 1
}
# expect CODE COMMAND...: runs it, keeps what it says in $said.
expect() {
  expected=$1
  shift
  said=$("$@" 2>&1)
  code=$?
  echo "boot $boot: \$ $* (exit code $code)"
  echo "$said"
  [ "$code" = "$expected" ] || fail "$* ended with $code, not $expected"
}
says() { case $said in *"$1"*) ;; *) fail "was not said: $1" ;; esac }
enabled() { [ "$(cat "/sys/kernel/livepatch/$1/enabled" 2>/dev/null)" = 1 ]; }
gone() { [ ! -e "/sys/kernel/livepatch/$1" ]; }
# await COMMAND...: until it holds; some minutes at most.
await() {
  for _ in $(seq 1500); do
    "$@" && return
    usleep 100000
  done
  fail "never came true: $*"
}
agent() {
  command=$1
  shift
  suture-agent "$command" --config /agent.yaml "$@"
}
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
. /scenario.sh
echo end
