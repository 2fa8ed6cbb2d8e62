# an agent that is killed at any moment of an apply leaves a host on which kernel and journal agree again
for delay in 0 100 250 400 550 700 850 1000 1150 1300 1500 1700 2000 2500; do
  suture-agent apply --config /agent.yaml --plan cmdline >/dev/null 2>&1 &
  killed=$!
  usleep ${delay}000
  kill -9 $killed 2>/dev/null
  wait $killed
  # The next one ends what was left, whatever it is.
  agent boot >/tmp/said 2>&1 || true
  said=$(agent status)
  echo "after $delay ms: $said"
  case $said in
    *unfinished*) fail "something is left unfinished" ;;
    *'in force     local cmdline'*) enabled cmdline || fail "the journal says that it is in force" ;;
    *) gone cmdline || fail "the journal does not know it" ;;
  esac
  agent revert --all
  gone cmdline || fail "it cannot be reverted"
  agent release --all
done
