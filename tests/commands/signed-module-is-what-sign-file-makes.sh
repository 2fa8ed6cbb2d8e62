# A module built with a key is what the kernel's own sign-file makes of the unsigned one; OpenSSL verifies it.
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out certificate.pem -days 30 -subj "/CN=Suture tests"
"$SUTURE" build "$FIX" --kernel "$KERNEL" --name fix --output unsigned
"$SUTURE" build "$FIX" --kernel "$KERNEL" --name fix --output signed --key key.pem --cert certificate.pem

cp unsigned/fix.ko peer.ko
"$KIT/build/scripts/sign-file" sha256 key.pem certificate.pem peer.ko
cmp peer.ko signed/fix.ko

# The end of the file: the signature, struct module_signature (its last word is the length), a line.
length=$((0x$(tail -c 32 signed/fix.ko | head -c 4 | od -An -tx1 | tr -d ' ')))
tail -c $((length + 40)) signed/fix.ko | head -c $length >signature
openssl cms -verify -binary -inform DER -in signature -content unsigned/fix.ko -certfile certificate.pem -noverify -out /dev/null
modinfo -F signer signed/fix.ko | grep -qx "Suture tests"
modinfo -F sig_hashalgo signed/fix.ko | grep -qx sha256

# Another module's signature is not taken.
printf x >>unsigned/fix.ko
if openssl cms -verify -binary -inform DER -in signature -content unsigned/fix.ko -certfile certificate.pem -noverify -out /dev/null; then
  exit 1
fi

# The verifier and the kernel look past a signature by a key that they do not know.
"$SUTURE" check signed/fix.ko --kernel "$KERNEL"
"$SUTURE" inspect signed/fix.ko | grep -q "^signature *$((length + 40)) bytes\|^signature *$length bytes"
"$SUTURE" prove signed/fix.ko --kernel "$KERNEL"
