# whatever of its writes the disk had kept when the power went, the agent comes up, and journal and kernel agree
state=0
states=$(cat /states)
mkdir /one
while [ $state -lt "$states" ]; do
  losetup -o $((state * $(cat /state-size))) /dev/loop0 /dev/vdb || fail "no loop device"
  mount -t ext4 /dev/loop0 /one || fail "state $state: cannot be mounted"
  sed "s|^state: .*|state: /one/state|" /agent.yaml >/one.yaml
  rm -rf /run/suture
  suture-agent boot --config /one.yaml >/tmp/said 2>&1
  echo "state $state: $(tr '\n' ' ' </tmp/said)"
  said=$(suture-agent status --config /one.yaml 2>&1)
  [ $? -le 1 ] || fail "state $state: $said"
  case $said in
    *unfinished*) fail "state $state: something is left unfinished: $said" ;;
    *'in force     local cmdline2'*) enabled cmdline2 || fail "state $state: the journal says that cmdline2 is in force" ;;
    *'in force     local cmdline'*) enabled cmdline || fail "state $state: the journal says that cmdline is in force" ;;
    *) gone cmdline && gone cmdline2 || fail "state $state: the journal does not know what is in force" ;;
  esac
  suture-agent revert --config /one.yaml --all >/tmp/said 2>&1
  gone cmdline && gone cmdline2 || fail "state $state: it cannot be reverted: $(cat /tmp/said)"
  umount /one
  losetup -d /dev/loop0
  state=$((state + 1))
done
