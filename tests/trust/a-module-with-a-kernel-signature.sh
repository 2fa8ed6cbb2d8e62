# A module that was signed for the kernel, too, is published as it is, signature and all; the proof must be of that very file.
begin
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out certificate.pem -days 30 -subj "/CN=Suture tests" 2>/dev/null
"$SUTURE" build "$SOURCE/tests/agent/cmdline.patch" --kernel "$KERNEL" --name level_1 --output signed --key key.pem --cert certificate.pem
refused "is no proof of this live patch" \
  "$SUTURE" level add signed/level_1.report.json --key lab.key --proof "$LEVELS/level_1.over-0.json"

# A fake proof, to save the boots: that of the unsigned module, made to name this one. tests/commands proves a signed one.
python3 - <<'END'
import json, os
proof = json.load(open(os.environ["LEVELS"] + "/level_1.over-0.json"))
proof["digest"] = json.load(open("signed/level_1.report.json"))["module_digest"]
json.dump(proof, open("proof.json", "w"))
END
"$SUTURE" level add signed/level_1.report.json --key lab.key --proof proof.json
sign_and_publish
tar xOf served/targets/*/*/*.level-1.tar live-patch.ko >published.ko
cmp published.ko signed/level_1.ko
says "^Suture tests$" modinfo -F signer published.ko
