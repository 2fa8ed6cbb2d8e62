# A report, a module and proofs that are not of one live patch are refused, and nothing is staged; kinds and severities are as they are told.
begin
cp draft/metadata.tar before
cp "$LEVELS"/level_1.* "$LEVELS"/level_2.* .
level() { "$SUTURE" level add level_1.report.json --key lab.key "$@"; }
refused "is no proof of this live patch" level --proof level_2.over-0.json
sed 's/"outcome": "proven"/"outcome": "failed"/' level_1.over-0.json >failed.json
refused "was not proven" level --proof failed.json
sed "s/\"kernel\": \"$KERNEL\"/\"kernel\": \"6.1.0-1-amd64\"/" level_1.over-0.json >elsewhere.json
refused "is of 6.1.0-1-amd64, not of" level --proof elsewhere.json
refused "is no proof of this live patch" level --proof level_1.over-2.json
refused "is no record of a proof" level --proof level_1.report.json
refused "does not have the expected fields" "$SUTURE" level add level_1.over-0.json --key lab.key --proof level_1.over-0.json
refused "there is no fix 'other.patch'" level --proof level_1.over-0.json --severity other.patch=high
refused "severity" level --proof level_1.over-0.json --severity cmdline.patch=terrible
cp level_2.ko level_1.ko
refused "is not the live patch that" level --proof level_1.over-0.json
cmp before draft/metadata.tar

cp "$LEVELS/level_1.ko" .
level --proof level_1.over-0.json --severity cmdline.patch=high --kind cmdline.patch=security --json >manifest.json
grep -q '"severity": "high"' manifest.json
grep -q '"kind": "security"' manifest.json
refused "there is no draft" "$SUTURE" sign --draft nowhere
test ! -e nowhere
