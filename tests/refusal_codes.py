#!/usr/bin/env python3
"""Holds the codes of refusals and warnings below src/ against docs/refusals.md: each is in both, or in neither."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent
# How the code of a refusal or warning is written down.
CODE = r'"([a-z]+(?:-[a-z0-9]+)*)"'
PLACES = [
    r"\.code = " + CODE,
    r"\b(?:Refusal|Warning)(?:\s+\w+)?\{\s*" + CODE,
    r"(?:push_back\(|\breturn)\s*\{\s*" + CODE,
    r"\b(?:refuse|warn)\(\s*(?:\w+, )?" + CODE,
    r'\breturn "([a-z]+-file)";',
]

written = {}
for source in sorted((root / "src").glob("*/**/*.cc")) + sorted((root / "src").glob("*/**/*.h")):
    if source.relative_to(root / "src").parts[0] not in ("patch", "builder") or source.stem.endswith("_test"):
        continue
    text = source.read_text()
    for place in PLACES:
        for match in re.finditer(place, text):
            written.setdefault(match[1], f"{source.relative_to(root)}:{text.count(chr(10), 0, match.start()) + 1}")

catalogue = (root / "docs/refusals.md").read_text()
listed = {}
for number, line in enumerate(catalogue.splitlines(), 1):
    if line.startswith("| `"):
        for code in re.findall(r"`([a-z0-9-]+)`", line.split("|")[1]):
            listed.setdefault(code, number)

failures = [f"{where}: '{code}' is not in docs/refusals.md" for code, where in written.items() if code not in listed]
failures += [f"docs/refusals.md:{number}: nothing refuses or warns with '{code}'" for code, number in listed.items() if code not in written]
print("\n".join(failures) if failures else f"refusal codes: all {len(listed)} are in docs/refusals.md")
sys.exit(bool(failures))
