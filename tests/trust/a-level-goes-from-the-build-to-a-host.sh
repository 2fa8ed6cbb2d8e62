# A built and proven level is staged, signed, published, and verified byte by byte; the next one supersedes it.
begin
add 1 --severity cmdline.patch=high --kind cmdline.patch=security
sign_and_publish
cp served/metadata/1.root.json root.json
verify --evidence-key lab.pub | tee said
grep -q "^$KERNEL " said
grep -q "level 1 *level_1" said

# What was said of the first fix is not said again.
add 2 | tee said
grep -q "cmdline.patch  security, high" said
grep -q "1 to 2 by replace" said
grep -q "2 to 1 by replace" said
grep -q "2 to 0 by disable-and-load" said
sign_and_publish
# Without the fix of the level below, and without saying so, there is no third.
refused "level 3 lacks the fix 'cmdline.patch' of level 2" "$SUTURE" level add "$LEVELS/level_3.report.json" \
  --key lab.key --proof "$LEVELS/level_3.over-0.json"
add 3 | tee said
grep -q "withdraws cmdline.patch" said
grep -q "2 to 3 by replace" said
grep -q "3 to 1 by disable-and-load" said
"$SUTURE" level floor "$KERNEL" 2
sign_and_publish
verify --json >said
python3 - <<'END'
import json
kernel, = json.load(open("said"))["kernels"]
assert [level["name"] for level in kernel["levels"]] == ["level_1", "level_2", "level_3"], kernel
assert kernel["floor"] == 2, kernel
END
refused "none of the evidence keys" verify --evidence-key targets.pub
test "$(verify | grep -c WARNING)" = 0
