# an agent that is killed while it watches the host leaves a plan that the next one ends
sed 's/soak: 1s/soak: 600s/' /agent.yaml >/tmp/patient.yaml
suture-agent apply --config /tmp/patient.yaml --plan cmdline &
killed=$!
await enabled cmdline
expect 3 agent apply --plan printk
says "another agent is at work: process $killed"
await sh -c 'suture-agent log --config /agent.yaml | grep -q soaking'
kill -9 $killed
expect 1 agent status
says 'local cmdline is soaking'
expect 0 agent apply --plan printk
expect 0 agent status
says 'in force     local cmdline'
says 'in force     local printk'
expect 0 agent revert --all
gone cmdline || fail "it is still there"
