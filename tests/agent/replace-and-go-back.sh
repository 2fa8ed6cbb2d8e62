# a higher live patch replaces a lower one, and each proven way back brings the lower one back
expect 0 agent apply --plan cmdline
for plan in cmdline2 cmdline2-replaced-back; do
  expect 0 agent apply --plan $plan
  grep -q ' second$' /proc/cmdline || fail "the higher one is not in force"
  gone cmdline || fail "the module of the lower one stays"
  expect 0 agent revert
  enabled cmdline || fail "the lower one did not come back"
  gone cmdline2 || fail "the higher one stays"
  grep -q ' first$' /proc/cmdline || fail "the lower one is not in force"
done
expect 0 agent revert
