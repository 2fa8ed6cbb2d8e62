# A function that nothing can redirect, and whose callers are in more files than --max-files, is refused before they are compiled.
code=0
"$SUTURE" build "$(dirname "$FIX")/callers-in-other-files-and-modules.patch" --kernel "$KERNEL" --name fix --output out --max-files 3 >said || code=$?
cat said
[ $code = 4 ]
grep -q "^  promotion-reach: lib/cmdline.c: memparse$" said
[ ! -e out/fix.ko ]
