# match compares an object with what the kernel runs, function by function, and names the first instruction that differs.
module=$(find "$KIT/shipped" -name minix.ko -o -name minix.ko.xz)
case $module in
  *.xz) xz -dc "$module" >minix.ko ;;
  *) cp "$module" minix.ko ;;
esac
"$SUTURE" match minix.ko --object minix --kernel "$KERNEL"

# The first instruction after the call of __fentry__ in minix_lookup() becomes another: ud2.
python3 - <<'END'
import pathlib, re, subprocess
listing = subprocess.run(["readelf", "-sSW", "minix.ko"], capture_output=True, text=True, check=True).stdout
value = int(re.search(r"([0-9a-f]{16}) +\d+ FUNC .* minix_lookup$", listing, re.M)[1], 16)
text = int(re.search(r" \.text +PROGBITS +\w+ (\w+)", listing)[1], 16)
module = bytearray(pathlib.Path("minix.ko").read_bytes())
endbr64 = b"\xf3\x0f\x1e\xfa"
after = 5 + (4 if module[text + value:].startswith(endbr64) else 0)
module[text + value + after:text + value + after + 2] = b"\x0f\x0b"
pathlib.Path("other.o").write_bytes(module)
pathlib.Path("place").write_text(f"minix_lookup+{after:#x}")
END
if "$SUTURE" match other.o --object minix --kernel "$KERNEL" >said; then exit 1; fi
cat said
grep -q "$(cat place)" said
grep -q ud2 said
