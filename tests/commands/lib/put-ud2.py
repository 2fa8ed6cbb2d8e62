#!/usr/bin/env python3
"""put-ud2.py MODULE FUNCTION: in this file of a module, the function's first instruction after the call of __fentry__
becomes another, ud2. Prints its place as FUNCTION+OFFSET."""
import pathlib
import re
import subprocess
import sys

path, function = sys.argv[1:]
listing = subprocess.run(["readelf", "-sSW", path], capture_output=True, text=True, check=True).stdout
value = int(re.search(rf"([0-9a-f]{{16}}) +\d+ FUNC .* {function}$", listing, re.M)[1], 16)
text = int(re.search(r" \.text +PROGBITS +\w+ (\w+)", listing)[1], 16)
module = bytearray(pathlib.Path(path).read_bytes())
endbr64 = b"\xf3\x0f\x1e\xfa"
after = 5 + (4 if module[text + value:].startswith(endbr64) else 0)
module[text + value + after:text + value + after + 2] = b"\x0f\x0b"
pathlib.Path(path).write_bytes(module)
print(f"{function}+{after:#x}")
