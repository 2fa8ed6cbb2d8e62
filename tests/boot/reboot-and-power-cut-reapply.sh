# what was committed is in force again after a reboot and after a power cut, and the kill switches keep it out
# boot 4: suture=off
case $boot in
  1)
    expect 0 agent apply --plan cmdline
    shut_down
    ;;
  2)
    gone cmdline || fail "a live patch outlived the boot"
    expect 0 agent boot
    enabled cmdline || fail "it was not applied again"
    expect 0 agent status
    says 'in force     local cmdline'
    cut_power
    ;;
  3)
    expect 0 agent boot
    enabled cmdline || fail "a power cut is no reason to leave it out"
    expect 0 agent boot # not twice
    cut_power
    ;;
  4)
    agent boot
    gone cmdline || fail "suture=off was not heeded"
    shut_down
    ;;
  5)
    touch /disk/state/hold
    agent boot
    gone cmdline || fail "the hold file was not heeded"
    rm /disk/state/hold
    expect 0 agent boot
    enabled cmdline || fail "it was not applied again"
    ;;
esac
