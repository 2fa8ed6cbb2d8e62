# a repository in which any byte was changed of what leads to a level gives none
newest() { ls /served/metadata/*."$1".json | sort -t/ -k4 -n | tail -n 1; }
series=$(ls /served/metadata | sed -n 's/^1\.\(linux-.*\)\.json$/\1/p')
for file in /served/metadata/timestamp.json "$(newest snapshot)" "$(newest targets)" "$(newest "$series")" $(find /served/targets -type f); do
  rm -rf /tmp/copy /state
  cp -r /served /tmp/copy
  changed=/tmp/copy/${file#/served/}
  printf '#' | dd of="$changed" bs=1 seek=$(($(wc -c <"$changed") / 2)) conv=notrunc 2>/dev/null
  agent apply --from /tmp/copy >/tmp/said 2>&1
  code=$?
  echo "$file: $code: $(head -n 1 /tmp/said)"
  case $file:$code in
    /served/targets/*:0) agent revert >/dev/null ;; # of another level
    *:0) fail "$file: a level was taken" ;;
  esac
  gone level_2 || fail "$file: it is in force"
done
grep -q 'targets.*: 3: ' /tmp/log || fail "no changed target was refused"
