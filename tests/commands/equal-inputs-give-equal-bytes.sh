# The same fix, built at another time, in another directory and from another file, gives the same bytes.
"$SUTURE" build "$FIX" --kernel "$KERNEL" --name fix --output one
mkdir elsewhere
cp "$FIX" elsewhere/same.patch
cd elsewhere
TZ=Pacific/Auckland LC_ALL=C "$SUTURE" build same.patch --kernel "$KERNEL" --name fix --output two
cmp ../one/fix.ko two/fix.ko
