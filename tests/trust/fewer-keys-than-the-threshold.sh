# Signatures are added one by one on different machines; below the threshold nothing is published, and whose are missing is said.
keys alice bob carol snapshot timestamp lab
"$SUTURE" keys init --role root=alice.pub,bob.pub,carol.pub --threshold root=2 \
  --role targets=alice.pub,bob.pub --threshold targets=2 --role snapshot=snapshot.pub --role timestamp=timestamp.pub
add 1
"$SUTURE" sign --key alice.key
refused "root, version 1: has 1 of 2 signatures" "$SUTURE" publish served --key timestamp.key
bob=$("$SUTURE" keys show bob.pub | cut -d' ' -f1)
grep -q "linux-.*has 1 of 2 signatures; may still be signed by $bob" said
test -z "$(find served -name '*.json' -o -name '*.tar')"
refused "there is nothing that this key may sign" "$SUTURE" sign --key alice.key

# Another machine: the draft is all that is carried.
mkdir stick
cp -r draft stick/draft
"$SUTURE" sign --draft stick/draft --key bob.key
refused "snapshot, version 1" "$SUTURE" publish served --draft stick/draft --key timestamp.key
"$SUTURE" sign --draft stick/draft --key snapshot.key
refused "timestamp, version 1" "$SUTURE" publish served --draft stick/draft
"$SUTURE" publish served --draft stick/draft --key timestamp.key
cp served/metadata/1.root.json root.json
verify
