# a host that loses power while it watches a new level comes up with the one before, and holds the new one until it is released
case $boot in
  1)
    expect 0 agent apply --plan cmdline
    sed 's/soak: 1s/soak: 600s/' /agent.yaml >/tmp/patient.yaml
    suture-agent apply --config /tmp/patient.yaml --plan cmdline2 &
    await enabled cmdline2
    await sh -c '[ $(suture-agent log --config /agent.yaml | grep -c soaking) = 2 ]'
    cut_power
    ;;
  2)
    expect 0 agent boot
    enabled cmdline || fail "the one before is not in force"
    gone cmdline2 || fail "what was not proved to be well is in force"
    expect 1 agent status
    says 'local cmdline2: the host went down while it was soaking'
    cut_power
    ;;
  3)
    agent boot
    enabled cmdline || fail "the one before is not in force"
    agent apply --plan cmdline2 >/tmp/said 2>&1 && fail "what was held was applied"
    expect 0 agent release 'local cmdline2'
    expect 0 agent apply --plan cmdline2
    enabled cmdline2 || fail "it is not in force"
    ;;
esac
