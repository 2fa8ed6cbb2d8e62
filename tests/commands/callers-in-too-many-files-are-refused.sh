# A function that nothing can redirect, and whose callers are in more files than --max-files, is refused before they are compiled.
. "$(dirname "$0")/lib/fix.sh"
refused "promotion-reach: lib/cmdline.c: memparse" "$(dirname "$FIX")/callers-in-other-files-and-modules.patch" --max-files 3
