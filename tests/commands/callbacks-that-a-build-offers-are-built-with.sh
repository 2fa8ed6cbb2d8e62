# The authors' guide: a changed initial value is refused, callbacks are offered, and the same command with them beside the fix builds.
python3 - "$KIT/source/fs/pipe.c" <<'PY'
import difflib, sys
old = open(sys.argv[1]).read().splitlines(keepends=True)
new = [line.replace("pipe_max_size = 1048576;", "pipe_max_size = 2097152;") for line in old]
open("limit.patch", "w").writelines(difflib.unified_diff(old, new, "a/fs/pipe.c", "b/fs/pipe.c"))
PY
code=0
"$SUTURE" build limit.patch --kernel "$KERNEL" >said || code=$?
cat said
[ $code = 4 ]
grep -q "data-changed: fs/pipe.c: pipe_max_size" said
"$SUTURE" build limit.patch livepatch_limit.data-callbacks.patch --name livepatch_limit --kernel "$KERNEL" >said
cat said
grep -q "built ./livepatch_limit.ko" said
[ -e livepatch_limit.data-callbacks.patch ]
