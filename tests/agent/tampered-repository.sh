# a repository in which a byte was changed of any file that leads to a level gives none
newest() { ls /served/metadata/*."$1".json | sort -t/ -k4 -n | tail -n 1; }
series=$(newest "$(ls /served/metadata | sed -n 's/^1\.\(linux-.*\)\.json$/\1/p')")
# Of the targets the newest index and level 2; what came before leads nowhere.
index=$(find /served/targets -name '*.kernel.json' | while read -r file; do
  name=$(basename "$file")
  grep -q "${name%%.*}" "$series" && echo "$file"
done)
module=$(find /served/targets -name '*.level-2.tar')
for file in /served/metadata/timestamp.json "$(newest snapshot)" "$(newest targets)" "$series" "$index" "$module"; do
  [ -f "$file" ] || fail "'$file' is not one file"
  rm -rf /tmp/copy /state
  cp -r /served /tmp/copy
  changed=/tmp/copy/${file#/served/}
  printf '#' | dd of="$changed" bs=1 seek=$(($(wc -c <"$changed") / 2)) conv=notrunc 2>/dev/null
  cmp -s "$file" "$changed" && fail "$file: was not changed"
  expect 3 agent apply --from /tmp/copy
  says 'not trusted'
  gone level_2 || fail "$file: it is in force"
done
rm -rf /state
expect 0 agent apply --from /served
expect 0 agent revert
