# A fix of an __init function and of one that runs later is refused; with --accept init-code the rest of it is built, and a warning names what stays unfixed.
. "$(dirname "$0")/lib/fix.sh"
fix fs/filesystems.c 's/seq_printf(m, "%s\\t%s\\n",/seq_printf(m, "%s\\t%s suture\\n",/;s/proc_create_single("filesystems", 0,/proc_create_single("filesystems", 0400,/' >fix.patch
refused "init-code: fs/filesystems.c: proc_filesystems_init" fix.patch
# Another code's consent is none.
refused "init-code: fs/filesystems.c: proc_filesystems_init" fix.patch --accept exit-code

"$SUTURE" build fix.patch --kernel "$KERNEL" --name fix --output out --accept init-code >said
cat said
grep -q "^  warning: unfixed: fs/filesystems.c: proc_filesystems_init: " said
"$SUTURE" check out/fix.ko --kernel "$KERNEL"
python3 - <<'PY'
import json
report = json.load(open("out/fix.report.json"))
functions = [(object["name"], function["name"]) for object in report["objects"] for function in object["functions"]]
assert functions == [("vmlinux", "filesystems_proc_show")], functions
unfixed = [warning["place"] for warning in report["warnings"] if warning["code"] == "unfixed"]
assert unfixed == ["fs/filesystems.c: proc_filesystems_init"], report["warnings"]
PY
