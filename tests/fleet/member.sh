# What a host of the fleet does in its guest: it joins the network, enrols, works, and runs the daemon.
hostname "$NAME"
for module in /modules/*; do insmod "$module" 2>/dev/null; done
if [ -n "$DISK" ]; then
  mkdir -p /var/lib/suture
  mount -t ext4 /dev/vda /var/lib/suture
  # There is no systemd here. It would take longer.
  printf '#!/bin/sh\n[ "$1" = reboot ] && { sync; reboot -f; }\n' >/bin/systemctl
  chmod +x /bin/systemctl
  [ ! -e /var/lib/suture/journal ] || suture-agent boot --config /agent.yaml
fi
mkdir -p /run/systemd/system # as the agent looks for before it upgrades itself; busybox has a dpkg
insmod /null_blk/configfs.ko 2>/dev/null # where it is not built in
insmod /null_blk/null_blk.ko irqmode=2
ip address add 10.0.2.15/24 dev eth0
ip link set eth0 up
ip route add default via 10.0.2.2
if [ -n "$KPROBE" ]; then
  # Behind the call of __fentry__, with or without ENDBR64 before it.
  echo "p:somebodys $KPROBE+9" >/sys/kernel/tracing/kprobe_events || echo "p:somebodys $KPROBE+5" >/sys/kernel/tracing/kprobe_events
  echo 1 >/sys/kernel/tracing/events/kprobes/somebodys/enable
fi
until [ -e /var/lib/suture/fleet/membership.json ] || suture-agent enroll "$SERVER" --token "$TOKEN" --ca-file /ca.pem --config /agent.yaml; do sleep 1; done
[ -z "$BUSY" ] || while :; do dd if=/dev/nullb0 of=/dev/null bs=4k count=50 iflag=direct 2>/dev/null; usleep 20000; done &
[ -z "$LOAD" ] || while :; do $LOAD >/dev/null; usleep 100000; done &
while :; do
  suture-agent run --config /agent.yaml
  usleep 1000000
done
