# What a host of the fleet does in its guest: it joins the network, enrols, runs the daemon, and keeps a disk busy.
hostname "$NAME"
for module in /modules/*; do insmod "$module" 2>/dev/null; done
insmod /null_blk/configfs.ko 2>/dev/null # where it is not built in
insmod /null_blk/null_blk.ko irqmode=2
ip address add 10.0.2.15/24 dev eth0
ip link set eth0 up
ip route add default via 10.0.2.2
until suture-agent enroll "$SERVER" --token "$TOKEN" --ca-file /ca.pem --config /agent.yaml; do sleep 1; done
[ -z "$BUSY" ] || while :; do dd if=/dev/nullb0 of=/dev/null bs=4k count=50 iflag=direct 2>/dev/null; usleep 20000; done &
while :; do
  suture-agent run --config /agent.yaml
  sleep 1
done
