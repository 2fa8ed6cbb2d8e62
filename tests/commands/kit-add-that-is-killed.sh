# A kit whose making was killed is no kit: it is not listed, nothing is built with it, and making it again works beside what was left running.
. "$(dirname "$0")/lib/linked-kit.sh"
export SUTURE_CACHE=$PWD/cache
stub make <<STUB
case "\$*" in *prepare*) [ ! -e "$PWD/pid" ] || kill -9 "\$(cat "$PWD/pid")" ;; esac
exec "$(command -v make)" "\$@"
STUB

code=0
sh -c 'echo $$ >pid; exec "$SUTURE" kit add "$KERNEL" --deb-dir "$KIT/../../downloads"' || code=$?
[ $code = 137 ]
[ -d "cache/kits/$KERNEL/source" ]
"$SUTURE" kit list | grep -q "No kits yet"
code=0
"$SUTURE" build "$FIX" --kernel "$KERNEL" 2>said || code=$?
[ $code = 1 ]
grep -q "there is no kit for $KERNEL" said

rm pid
"$SUTURE" kit add "$KERNEL" --deb-dir "$KIT/../../downloads"
[ "$(ls -A cache/kits)" = "$(printf '%s\n%s.lock' "$KERNEL" "$KERNEL")" ]
"$SUTURE" build "$FIX" --kernel "$KERNEL" --name fix --output out
unset SUTURE_CACHE
"$SUTURE" build "$FIX" --kernel "$KERNEL" --name fix --output elsewhere
cmp out/fix.ko elsewhere/fix.ko
