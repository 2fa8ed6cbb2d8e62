#!/usr/bin/env python3
"""Holds the includes below src/ against the edges that ARCHITECTURE.md allows."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent
block = re.search(r"```edges\n(.*?)```", (root / "ARCHITECTURE.md").read_text(), re.S)
if not block:
    sys.exit("ARCHITECTURE.md: has no ```edges block")
allowed = {}
for line in block[1].splitlines():
    folder, _, others = line.partition(":")
    allowed[folder] = set(others.split()) | {folder}

failures = []
for folder in sorted(p.name for p in (root / "src").iterdir() if p.is_dir()):
    if folder not in allowed:
        failures.append(f"src/{folder}: is not in ARCHITECTURE.md's edges")
for source in sorted((root / "src").rglob("*")):
    if source.suffix not in (".cc", ".h"):
        continue
    folder = source.relative_to(root / "src").parts[0]
    for number, line in enumerate(source.read_text().splitlines(), 1):
        include = re.match(r'\s*#include "([a-z_]+)/', line)
        if include and include[1] in allowed and include[1] not in allowed.get(folder, ()):
            failures.append(f"{source.relative_to(root)}:{number}: {folder} may not include {include[1]}")

print("\n".join(failures) if failures else "architecture: every include follows ARCHITECTURE.md")
sys.exit(bool(failures))
