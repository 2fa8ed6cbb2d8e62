# an agent that is killed after each twentieth of a second of an apply and of a revert leaves kernel and journal in agreement
kills=0
consistent() { # after the next agent has come up
  agent boot >/tmp/said 2>&1
  said=$(agent status)
  case $said in
    *unfinished*) fail "something is left unfinished: $said" ;;
    *'in force     local cmdline'*) enabled cmdline || fail "the journal says that it is in force: $said" ;;
    *) gone cmdline || fail "the journal does not know it: $said" ;;
  esac
}
for way in apply revert; do
  delay=0
  while :; do
    if [ $way = revert ] && gone cmdline; then expect 0 agent apply --plan cmdline; fi
    plan=
    [ $way = apply ] && plan='--plan cmdline'
    suture-agent $way --config /agent.yaml $plan >/tmp/killed-says 2>&1 &
    killed=$!
    usleep ${delay}000
    kill -9 $killed 2>/dev/null || { wait $killed; echo "after $delay ms $way was done: $(cat /tmp/killed-says)"; break; }
    wait $killed
    kills=$((kills + 1))
    consistent
    if [ $way = apply ]; then
      agent revert --all >/dev/null 2>&1
      gone cmdline || fail "it cannot be reverted"
    fi
    agent release --all >/dev/null 2>&1
    delay=$((delay + 50))
  done
  consistent
done
agent revert --all >/dev/null 2>&1
[ $kills -ge 20 ] || fail "only $kills kills"
summary="$kills kills"
