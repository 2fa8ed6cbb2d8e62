# A byte that was changed in a level or its metadata, wherever it stands, is refused, or says the same.
repository
python3 - <<'END'
import glob, os, subprocess
def verify():
    done = subprocess.run([os.environ["SUTURE"], "verify", "served", "--root", "root.json", "--json"],
                          capture_output=True, text=True)
    return done.returncode, done.stdout
code, good = verify()
assert code == 0, good
paths = glob.glob("served/metadata/*.json") + glob.glob("served/targets/*/*/*")
assert len(paths) == 7, paths
for path in paths:
    content = open(path, "rb").read()
    # Each kind of byte of text, with its neighbours of other kinds; and places spread over what is binary.
    if path.endswith(".json"):
        places = {content.index(byte): byte for byte in set(content)}
        places = sorted(places)
    else:
        places = [0, 100, 124, 148, 156, 257, 500, 512, 700, 2047, len(content) // 2, len(content) - 1024, len(content) - 1]
    for place in places:
        bent = bytearray(content)
        bent[place] ^= 1
        open(path, "wb").write(bent)
        code, said = verify()
        assert code != 0 or said == good, f"{path}: byte {place} was changed from {content[place:place+1]}, and nobody minded"
        if not path.endswith(("root.json", "timestamp.json")):
            assert code != 0, f"{path}: byte {place}"
    for bent in (content[:-1], content + b"\n\n", b""):
        open(path, "wb").write(bent)
        code, said = verify()
        assert code != 0 or said == good, f"{path}: other length"
    open(path, "wb").write(content)
assert verify() == (0, good)
END
