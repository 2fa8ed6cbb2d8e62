# Two fixes that change other lines of the same function, each made for the unfixed source, are merged: the function is replaced once, by what neither makes of it alone.
. "$(dirname "$0")/lib/fix.sh"
first='s/tmp = file_systems;/tmp = file_systems ?: m->private;/'
second='s/tmp = tmp->next;/tmp = m->count > 4242 ? NULL : tmp->next;/'
show=/^static.*filesystems_proc_show/,/^}/
fix fs/filesystems.c "${show}$first" >first.patch
fix fs/filesystems.c "${show}$second" >second.patch
fix fs/filesystems.c "$show{$first;$second}" >whole.patch
"$SUTURE" build first.patch second.patch --kernel "$KERNEL" --name fix --output both >said
cat said
for one in first second whole; do
  "$SUTURE" build $one.patch --kernel "$KERNEL" --name fix --output $one
done
python3 - <<'PY'
import json
report = json.load(open("both/fix.report.json"))
functions = [(function["why"], function["name"]) for object in report["objects"] for function in object["functions"]]
assert functions == [("changed", "filesystems_proc_show")], functions
assert [fix["file"] for fix in report["fixes"]] == ["first.patch", "second.patch"], report["fixes"]
PY
cmp both/fix.ko whole/fix.ko
for one in first second; do
  code=0
  cmp both/fix.ko $one/fix.ko || code=$?
  [ $code = 1 ]
done
