# Of two kernels, one has another source than the fix was made for: it is refused there, the other has its live patch all the same, and the exit code is the refusal's.
# other: yes
. "$(dirname "$0")/lib/fix.sh"
fix fs/minix/namei.c 's/minix_new_inode(dir, mode/minix_new_inode(dir, mode \& 0170644/' >fix.patch
code=0
"$SUTURE" build fix.patch --kernel "$OTHER" --kernel "$KERNEL" --name fix --output out >said || code=$?
cat said
[ $code = 4 ]
grep -A3 "^$OTHER:$" said >why
grep "^  does-not-apply: fs/minix/namei.c:[0-9]*$" why
grep "^    advice: " why
tail -n 2 said >table
sed -n 1p table | grep "^$OTHER  *refused  *0  *[0-9.]*  does-not-apply$"
sed -n 2p table | grep "^$KERNEL  *built  *[1-9]  *[0-9.]*  .*fix.ko$"
"$SUTURE" check "out/$KERNEL/fix.ko" --kernel "$KERNEL"
[ ! -e "out/$OTHER/fix.ko" ]
code=0
"$SUTURE" build fix.patch --kernel "$OTHER" --kernel "$KERNEL" --name fix --output out --json >said || code=$?
[ $code = 4 ]
python3 - <<'PY'
import json, os
said = json.load(open("said"))
kept = [json.load(open(f"out/{os.environ[kernel]}/fix.report.json")) for kernel in ("OTHER", "KERNEL")]
for reports in (said, kept):
    assert [report["outcome"] for report in reports] == ["refused", "built"], reports
assert [refusal["code"] for refusal in said[0]["refusals"]] == ["does-not-apply"], said
PY
