# of a hundred applies of a harmless level on a host whose load comes and goes, at most one is called worse
sed 's/patience: 5s/patience: 60s/; s/samples: 3, interval: 200ms, soak: 1s/samples: 10, interval: 500ms, soak: 5s/' /agent.yaml >/tmp/soak.yaml
insmod /modules/configfs.ko 2>/dev/null # where it is not built in
insmod /modules/null_blk.ko irqmode=2 || fail "no disk"
mkdir -p /tmp/www
dd if=/dev/urandom of=/tmp/www/file bs=64k count=4 2>/dev/null
httpd -p 127.0.0.1:80 -h /tmp/www
# Four users who work and rest, each in its own measure: a processor, a disk, a network, and processes.
seconds() { usleep $((RANDOM % ${1}000 * 1000)); }
while :; do dd if=/dev/urandom of=/dev/null bs=16k count=$((RANDOM % 200)) 2>/dev/null; seconds 2; done &
while :; do dd if=/dev/nullb0 of=/dev/null bs=4k count=$((RANDOM % 400)) iflag=direct 2>/dev/null; seconds 1; done &
while :; do wget -q -O /dev/null http://127.0.0.1/file; seconds 1; done &
while :; do for each in $(seq $((RANDOM % 20))); do true | cat >/dev/null; done; seconds 2; done &
well=0 worse=0 unknown=0
for round in $(seq 100); do
  if suture-agent apply --config /tmp/soak.yaml --from /served --level 1 >/tmp/said 2>&1; then
    well=$((well + 1))
    suture-agent revert --config /tmp/soak.yaml >/tmp/said 2>&1 || fail "round $round: revert: $(cat /tmp/said)"
  elif grep -q 'undone: worse' /tmp/said; then
    worse=$((worse + 1))
    cat /tmp/said
    suture-agent release --config /tmp/soak.yaml --all >/dev/null 2>&1
  else
    fail "round $round: $(cat /tmp/said)"
  fi
  gone level_1 || fail "round $round: level 1 is still there"
done
[ $worse -le 1 ] || fail "$worse of 100 applies were called worse"
summary="$well well, $worse worse"
