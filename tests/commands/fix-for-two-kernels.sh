# One fix for two kernels: each has a live patch and a report of its own, and one table at the end shows both.
# other: yes
"$SUTURE" build "$FIX" --kernel "$KERNEL" --kernel "$OTHER" --name fix --output out >said
cat said
[ "$(grep -c . said)" = 3 ]
sed -n 1p said | grep "^kernel  *outcome  *functions  *seconds  *live patch, or why not$"
sed -n 2p said | grep "^$KERNEL  *built  *1  *[0-9.]*  .*fix.ko$"
sed -n 3p said | grep "^$OTHER  *built  *1  *[0-9.]*  .*fix.ko$"
for kernel in "$KERNEL" "$OTHER"; do
  "$SUTURE" check "out/$kernel/fix.ko" --kernel "$kernel"
  python3 - "$kernel" <<'PY'
import json, sys
report = json.load(open(f"out/{sys.argv[1]}/fix.report.json"))
assert (report["outcome"], report["kernel"]) == ("built", sys.argv[1]), report
PY
done
if "$SUTURE" check "out/$OTHER/fix.ko" --kernel "$KERNEL"; then exit 1; fi
