# A module that was signed for the kernel, too, is published as it is, signature and all.
begin
add 1
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out certificate.pem -days 30 -subj "/CN=Suture tests" 2>/dev/null
refused "is no proof of this live patch" sh -eu -c '
  "$SUTURE" kit list | grep -q "$KERNEL"
  "$SUTURE" build "$SOURCE/demo/fixes/auxv.patch" --kernel "$KERNEL" --name level_1 --output signed --key key.pem --cert certificate.pem
  rm -rf draft
  "$SUTURE" level add signed/level_1.report.json --key lab.key --proof "$LEVELS/level_1.over-0.json"'
modinfo -F signer signed/level_1.ko | grep -qx "Suture tests"
# What is proved is the very file; here the proof is only told that it was of this one.
python3 - <<'END'
import json, os
proof = json.load(open(os.environ["LEVELS"] + "/level_1.over-0.json"))
proof["digest"] = json.load(open("signed/level_1.report.json"))["module_digest"]
json.dump(proof, open("proof.json", "w"))
END
rm -rf draft
"$SUTURE" keys init --role root=root.pub --role targets=targets.pub --role snapshot=snapshot.pub --role timestamp=timestamp.pub
"$SUTURE" level add signed/level_1.report.json --key lab.key --proof proof.json
"$SUTURE" sign --key root.key --key targets.key --key snapshot.key
"$SUTURE" publish served --key timestamp.key
tar xOf served/targets/*/*/*.level-1.tar live-patch.ko >published.ko
cmp published.ko signed/level_1.ko
