# One fix for two kernels: each has a live patch and a report of its own, what is to be said of one is said of it, and one table at the end shows both.
# other: yes
"$SUTURE" build "$FIX" --kernel "$KERNEL" --kernel "$OTHER" --name fix --output out >said
cat said
tail -n 3 said >table
sed -n 1p table | grep "^kernel  *outcome  *functions  *seconds  *live patch, or why not$"
sed -n 2p table | grep "^$KERNEL  *built  *1  *[0-9.]*  .*fix.ko$"
sed -n 3p table | grep "^$OTHER  *built  *1  *[0-9.]*  .*fix.ko$"
grep -A1 "^$OTHER:$" said | grep "^  warning: moved-hunk: fs/proc/cmdline.c"
if grep "^$KERNEL.*:$" said; then exit 1; fi
for kernel in "$KERNEL" "$OTHER"; do
  "$SUTURE" check "out/$kernel/fix.ko" --kernel "$kernel"
  python3 - "$kernel" <<'PY'
import json, sys
report = json.load(open(f"out/{sys.argv[1]}/fix.report.json"))
assert (report["outcome"], report["kernel"]) == ("built", sys.argv[1]), report
PY
done
if "$SUTURE" check "out/$OTHER/fix.ko" --kernel "$KERNEL"; then exit 1; fi
