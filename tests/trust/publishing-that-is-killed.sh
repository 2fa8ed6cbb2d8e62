# Killed before each file that it writes, publishing leaves the old repository or the new one, never a mixture, and ends when it is done again.
repository
cp -r served old
add 2
keys root2
"$SUTURE" keys rotate --role root=root2.pub
"$SUTURE" sign --key root.key --key root2.key
"$SUTURE" sign --key targets.key --key snapshot.key
cp -r draft ready
for nth in $(seq 1 40); do
  rm -rf served draft state
  cp -r old served
  cp -r ready draft
  verify --state state
  killed=0
  strace -f -o trace -e trace=rename -e inject=rename:signal=KILL:when="$nth" \
    "$SUTURE" publish served --key timestamp.key || killed=1
  levels=$(verify --state state | grep -c "  level ")
  [ "$levels" = 1 ] || [ "$levels" = 2 ]
  [ $killed = 1 ] || break
  "$SUTURE" publish served --key timestamp.key
  test "$(verify --state state | grep -c "  level ")" = 2
  test -z "$(find served -name '*.json.??????' -o -name '*.tar.??????')"
done
test "$nth" -gt 8
test $killed = 0
