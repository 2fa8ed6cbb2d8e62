# A build that is killed while it compiles leaves no module and no lock behind; the next one, beside the orphaned compiler, makes the right module.
. "$(dirname "$0")/lib/linked-kit.sh"
linked_kit cache
compiler=$(sed -n 's/.*"compiler": "\([^"]*\)".*/\1/p' "$KIT/kit.json")
stub "$compiler" <<STUB
case "\$*" in *cmdline*) [ ! -e "$PWD/pid" ] || kill -9 "\$(cat "$PWD/pid")" ;; esac
exec "$(command -v "$compiler")" "\$@"
STUB

code=0
sh -c 'echo $$ >pid; exec "$SUTURE" build "$FIX" --kernel "$KERNEL" --name fix --output out' || code=$?
[ $code = 137 ]
[ -z "$(find out -type f)" ]

rm pid
"$SUTURE" build "$FIX" --kernel "$KERNEL" --name fix --output out
unset SUTURE_CACHE
"$SUTURE" build "$FIX" --kernel "$KERNEL" --name fix --output elsewhere
cmp out/fix.ko elsewhere/fix.ko
