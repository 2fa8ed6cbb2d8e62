# A compiler that is killed in the middle of a build fails that build with its name; the next one works, and makes the same module.
. "$(dirname "$0")/lib/linked-kit.sh"
linked_kit cache
compiler=$(sed -n 's/.*"compiler": "\([^"]*\)".*/\1/p' "$KIT/kit.json")
stub "$compiler" <<STUB
case "\$*" in *" -c "*) "$(command -v "$compiler")" "\$@" & kill -9 \$! \$\$ ;; esac
exec "$(command -v "$compiler")" "\$@"
STUB

code=0
"$SUTURE" build "$FIX" --kernel "$KERNEL" --name fix --output out 2>said || code=$?
cat said
[ $code = 1 ]
grep -q "$compiler" said
[ ! -e out/fix.ko ] && [ ! -e out/fix.report.json ]

rm stubs/"$compiler"
"$SUTURE" build "$FIX" --kernel "$KERNEL" --name fix --output out
unset SUTURE_CACHE
"$SUTURE" build "$FIX" --kernel "$KERNEL" --name fix --output elsewhere
cmp out/fix.ko elsewhere/fix.ko
