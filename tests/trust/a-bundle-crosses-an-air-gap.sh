# One file carries the repository to where there is no network; it is verified there, goes in whole, and never back.
repository
"$SUTURE" bundle export served one.bundle --root root.json
add 2
sign_and_publish
"$SUTURE" bundle export served two.bundle --root root.json --kernel "$KERNEL"
refused "has no levels of 6.1.0-1-amd64" "$SUTURE" bundle export served x.bundle --root root.json --kernel 6.1.0-1-amd64
test ! -e x.bundle

says "level 1" "$SUTURE" verify one.bundle --root root.json
refused "has no root to begin with" "$SUTURE" bundle import one.bundle inside
"$SUTURE" bundle import one.bundle inside --root root.json
says "level 1" "$SUTURE" verify inside --root root.json
"$SUTURE" bundle import two.bundle inside
says "level 2" "$SUTURE" verify inside --root root.json
cp -r inside before
refused "not trusted (rollback)" "$SUTURE" bundle import one.bundle inside
diff -r before inside
says "0 files new" "$SUTURE" bundle import two.bundle inside

printf x | dd of=two.bundle bs=1 seek=$(($(stat -c %s two.bundle) / 2)) conv=notrunc status=none
refused "" "$SUTURE" bundle import two.bundle new --root root.json
test ! -e new/metadata/timestamp.json
head -c 10000 one.bundle >short.bundle
refused "short.bundle: .* at offset" "$SUTURE" bundle import short.bundle new --root root.json
