# Of two drafts that began from one state, the second is refused, and what the first published stays; at the same time, one waits.
repository
cp -r draft other
"$SUTURE" level floor "$KERNEL" 1
sign_and_publish
"$SUTURE" level add "$LEVELS/level_2.report.json" --key lab.key --proof "$LEVELS/level_2.over-0.json" --draft other
"$SUTURE" sign --draft other --key targets.key --key snapshot.key
cp -r served before
refused "is not the one that other began from" "$SUTURE" publish served --draft other --key timestamp.key
diff -r before served
refused "holds changes that were not published" "$SUTURE" draft served --draft other
"$SUTURE" draft served --draft other --discard
"$SUTURE" level add "$LEVELS/level_2.report.json" --key lab.key --proof "$LEVELS/level_2.over-0.json" --draft other
"$SUTURE" sign --draft other --key targets.key --key snapshot.key
"$SUTURE" publish served --draft other --key timestamp.key
says "level 2" verify

# The timestamp is renewed from several places at once: each is whole, and the last is the newest.
for _ in 1 2 3 4 5; do "$SUTURE" publish served --timestamp --key timestamp.key & done
wait
verify
grep -q '"version": *8' served/metadata/timestamp.json
