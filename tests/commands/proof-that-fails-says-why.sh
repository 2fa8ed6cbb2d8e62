# prove says that a live patch is not proven, for which reason, and shows the console; it exits with 1.
"$SUTURE" build "$FIX" --kernel "$KERNEL" --name fix --output .
echo 'echo "it is still there"; exit 1' >after.sh
if "$SUTURE" prove fix.ko --kernel "$KERNEL" --after after.sh >said; then exit 1; fi
cat said
grep -q "^fix: NOT proven on $KERNEL" said
grep -q "failure: 'after (patched)' failed with status 1: it is still there" said
grep -q "end of the console:" said
grep -q "livepatch: enabling patch 'fix'" said
