# Every command's --help fits into 80 columns, and its examples are command lines that the program understands.
SUTURE_CACHE=$PWD/empty
export SUTURE_CACHE
python3 - <<'PY'
import os, re, subprocess

def suture(line):
    return subprocess.run(["sh", "-c", f'suture() {{ "$SUTURE" "$@"; }}; {line}'], capture_output=True, text=True, stdin=subprocess.DEVNULL)

def commands(path=""):
    text = suture(f"suture{path} --help").stdout
    below = re.search(r"^Subcommands:\n((?:  .*\n)+)", text, re.M)
    names = re.findall(r"^  (\S+)", below[1], re.M) if below else []
    return [path] if not names else [each for name in names for each in commands(f"{path} {name}")]

examples = 0
for command in commands():
    done = suture(f"suture{command} --help")
    assert done.returncode == 0, command
    wide = [line for line in done.stdout.splitlines() if len(line) > 80]
    assert not wide, wide
    assert "--json" in done.stdout, command
    text = done.stdout.split("\nExamples:\n")[1].replace("\\\n", " ")
    lines = [line.strip() for line in text.split("\n\n")[0].splitlines() if line.strip().startswith("suture ")]
    assert lines, command
    for line in lines:
        examples += 1
        if line.startswith("suture kit add"):  # would fetch a kernel
            continue
        # The files that examples name are not there: an error, but not of the command line.
        done = suture(line.split("|")[0])
        assert done.returncode in (0, 1), (line, done.returncode, done.stderr)
assert suture("suture --version").stdout.startswith("suture ")
assert suture("suture biuld").returncode == 2
assert "'biuld' is no command of suture" in suture("suture biuld").stderr
assert "'--karnel' is no option of suture build" in suture("suture build --karnel x").stderr
print(f"{len(commands())} commands, {examples} examples")
PY
