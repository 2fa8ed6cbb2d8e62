# an agent that is killed at each write to its journal, and at each sync of it, of an apply and of a revert leaves kernel and journal in agreement
consistent() { # after the next agent has come up
  agent boot >/tmp/said 2>&1
  said=$(agent status)
  case $said in
    *unfinished*) fail "$1: something is left unfinished: $said" ;;
    *'in force     local cmdline'*) enabled cmdline || fail "$1: the journal says that it is in force: $said" ;;
    *) gone cmdline || fail "$1: the journal does not know it: $said" ;;
  esac
}
kills=0
for way in 'apply --plan cmdline' revert; do
  # SIGKILL as the call is entered: the write was not made; or it was, and not synced.
  for call in write fdatasync; do
    number=1
    while :; do
      if [ "$way" = revert ] && gone cmdline; then expect 0 agent apply --plan cmdline; fi
      # shellcheck disable=SC2086
      strace -f -q -o /dev/null -P /state/journal -e trace=$call -e inject=$call:signal=KILL:when=$number \
        suture-agent $way --config /agent.yaml >/tmp/killed-says 2>&1
      code=$?
      [ $code = 137 ] || break
      kills=$((kills + 1))
      consistent "$way, killed at $call $number"
      if [ "$way" != revert ]; then
        agent revert --all >/dev/null 2>&1
        gone cmdline || fail "it cannot be reverted"
      fi
      agent release --all >/dev/null 2>&1
      number=$((number + 1))
    done
    [ $code = 0 ] || [ "$way" = revert ] || fail "$way ended with $code: $(cat /tmp/killed-says)"
    consistent "$way, to its end"
    agent revert --all >/dev/null 2>&1
    agent release --all >/dev/null 2>&1
  done
done
[ $kills -ge 16 ] || fail "only $kills kills"
summary="$kills kills"
