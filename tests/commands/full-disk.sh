# Without room for the module, for what builds keep or for a kit, an error says so; nothing half-written stays, and with room it works.
. "$(dirname "$0")/lib/linked-kit.sh"
[ "$(id -u)" = 0 ] || { echo "needs root, to mount small file systems"; exit 0; }
mkdir small
mount -t tmpfs -o size="${1:-64k}" suture-test small
trap 'umount small' EXIT
fails_for_want_of_room() {
  code=0
  "$@" 2>said || code=$?
  cat said
  [ $code = 1 ] && grep -q "No space left on device" said
}
fill() { cat /dev/zero >small/full 2>/dev/null || true; }

# The module.
fill
fails_for_want_of_room "$SUTURE" build "$FIX" --kernel "$KERNEL" --name fix --output small
[ "$(ls small)" = full ]
rm small/full
"$SUTURE" build "$FIX" --kernel "$KERNEL" --name fix --output small
mv small/fix.ko first.ko
rm small/*

# What builds keep. It is only kept, so that there may be a module all the same; the next one is right.
linked_kit cache
rmdir "cache/kits/$KERNEL/cache"
ln -s "$PWD/small" "cache/kits/$KERNEL/cache"
fill
"$SUTURE" build "$FIX" --kernel "$KERNEL" --name fix --output out || [ ! -e out/fix.ko ]
rm small/full
mount -o remount,size=200m small
"$SUTURE" build "$FIX" --kernel "$KERNEL" --name fix --output out
cmp first.ko out/fix.ko
rm -rf small/* cache

# A kit.
export SUTURE_CACHE=$PWD/small
fails_for_want_of_room "$SUTURE" kit add "$KERNEL" --deb-dir "$KIT/../../downloads"
[ -z "$(find small -type f -size +0)" ]
"$SUTURE" kit list | grep -q "No kits yet"
