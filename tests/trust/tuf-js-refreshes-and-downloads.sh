# The npm package tuf-js refreshes the repository and downloads a level, over rotated roots too, and refuses what was tampered with.
repository
serve served
build_id=$(verify --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["kernels"][0]["build_id"])')
target=$(echo "$KERNEL" | cut -d. -f1,2)/$build_id/level-1.tar
node "$SOURCE/tests/trust/tuf-js/update.js" "$url" root.json "$target" level.tar
cmp level.tar served/targets/${target%/*}/*.level-1.tar
says "^live-patch.ko$" tar tf level.tar

keys root2 timestamp2
"$SUTURE" keys rotate --role root=root2.pub --role timestamp=timestamp2.pub
"$SUTURE" sign --key root.key --key root2.key
"$SUTURE" sign --key snapshot.key --key targets.key || true
"$SUTURE" publish served --key timestamp2.key
node "$SOURCE/tests/trust/tuf-js/update.js" "$url" root.json "$target" level.tar

level=$(ls served/targets/${target%/*}/*.level-1.tar)
printf x | dd of="$level" bs=1 seek=1000 conv=notrunc status=none
refused "tuf-js: " node "$SOURCE/tests/trust/tuf-js/update.js" "$url" root.json "$target" level.tar
