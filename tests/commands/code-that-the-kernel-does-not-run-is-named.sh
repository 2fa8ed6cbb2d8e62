# match compares an object with what the kernel runs, function by function, and names the first instruction that differs.
module=$(find "$KIT/shipped" -name minix.ko)
"$SUTURE" match "$module" --object minix --kernel "$KERNEL"

# The first instruction after the call of __fentry__ in minix_lookup() becomes another: ud2.
python3 - "$module" <<'END'
import pathlib, re, subprocess, sys
listing = subprocess.run(["readelf", "-sSW", sys.argv[1]], capture_output=True, text=True, check=True).stdout
value = int(re.search(r"([0-9a-f]{16}) +\d+ FUNC .* minix_lookup$", listing, re.M)[1], 16)
text = int(re.search(r" \.text +PROGBITS +\w+ (\w+)", listing)[1], 16)
module = bytearray(pathlib.Path(sys.argv[1]).read_bytes())
module[text + value + 5:text + value + 7] = b"\x0f\x0b"
pathlib.Path("other.o").write_bytes(module)
END
if "$SUTURE" match other.o --object minix --kernel "$KERNEL" >said; then exit 1; fi
cat said
grep -q "minix_lookup+0x5" said
grep -q ud2 said
