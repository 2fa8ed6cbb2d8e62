"""Gives commands input that is damaged, hostile or of another kind. The tables beside this file are the cases.

Each case must end with exit code 1 and an error that names the file and the reason, also with --json,
write nothing, and make no sanitizer speak. SUTURE, KERNEL, KIT and FIX come from tests/commands/run; the
working directory is the scenario's own. SHOW=1 prints what every case said.
"""
import atexit
import json
import os
import pathlib
import re
import shutil
import subprocess

SUTURE, KERNEL, KIT = os.environ["SUTURE"], os.environ["KERNEL"], pathlib.Path(os.environ["KIT"])
HERE = pathlib.Path.cwd()
FIX = pathlib.Path(os.environ["FIX"])
CRASH = "Sanitizer|runtime error|terminate called|what\\(\\)"
cases, problems = [], []


@atexit.register
def finish():
    print(f"{len(cases)} cases, {len(problems)} bad")
    if problems or not cases:
        os._exit(1)


def run(name, arguments, says, code=1, environment=None, prefix=()):
    """One case: `says` is a regular expression that the error must match."""
    shutil.rmtree(HERE / "out", ignore_errors=True)
    (HERE / "out").mkdir()
    before = set(HERE.rglob("*"))
    done = call(arguments, environment, prefix)
    said = (done.stdout + done.stderr).decode(errors="replace")
    wrong = []
    if done.returncode != code:
        wrong.append(f"exit code {done.returncode} instead of {code}")
    if not re.search(says, done.stderr.decode(errors="replace")):
        wrong.append(f"no error like /{says}/")
    if re.search(CRASH, said):
        wrong.append("a crash")
    if code == 1:
        wrong += in_json(arguments, environment, prefix)
    # What builds share may be made by a run that fails; everything else may not.
    left = {path for path in HERE.rglob("*") if not path.match("cache/kits/*/cache/*")} - before
    if left:
        wrong.append(f"it left {sorted(map(str, left))}")
    judge(name, wrong, said)


def survive(name, arguments):
    """A case that may end in any way but a crash."""
    done = call(arguments)
    said = (done.stdout + done.stderr).decode(errors="replace")
    judge(name, ["a crash"] if done.returncode not in (0, 1, 3, 4) or re.search(CRASH, said) else [], said)


def call(arguments, environment=None, prefix=()):
    return subprocess.run([*prefix, SUTURE, *map(str, arguments)], capture_output=True,
                          env={**os.environ, **(environment or {})}, timeout=300)


def judge(name, wrong, said):
    cases.append(name)
    if wrong:
        problems.append(name)
    if wrong or os.environ.get("SHOW"):
        print(f"{'BAD ' if wrong else 'ok  '} {name}: {'; '.join(wrong)}")
        print("    " + said[-1500:].replace("\n", "\n    "))


def in_json(arguments, environment, prefix):
    """With --json the error is one JSON document, whatever bytes it quotes."""
    done = call([*arguments, "--json"], environment, prefix)
    try:
        error = json.loads(done.stdout.decode("utf-8"))["error"]
        return [] if done.returncode == 1 and error and not done.stderr else ["--json: exit code, or words on stderr"]
    except (ValueError, KeyError) as problem:
        return [f"--json: {problem!r} in {done.stdout[:200]}"]


def file(name, content=b""):
    path = HERE / "in" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def spoiled(content, kind):
    """Every way in which one good file is damaged, by name."""
    yield "missing", None, "No such file"
    yield "empty", b"", kind
    yield "text", b"This is a letter, not what you asked for.\n" * 50, kind
    yield "cut in the head", content[:40], kind
    yield "cut in the middle", content[:len(content) // 2], kind
    yield "zeros", bytes(len(content)), kind


def each(name, content, command, kind):
    """Spoils a file that is good otherwise. `command` makes a command line of its path."""
    path = file(name)
    shown = " ".join(map(str, command("FILE")))
    quoted = re.escape(name)
    for how, bytes_, says in spoiled(content, kind):
        path.unlink(missing_ok=True)
        if bytes_ is not None:
            path.write_bytes(bytes_)
        run(f"{how}: {shown}", command(path), f"(?s){quoted}.*({says})")
    path.unlink(missing_ok=True)
    path.mkdir()
    run(f"directory: {shown}", command(path), f"{quoted}.*is a directory")
    path.rmdir()
    path.write_bytes(content)
    path.chmod(0)
    as_others = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.getuid() == 0 else []
    run(f"unreadable: {shown}", command(path), f"{quoted}.*Permission denied", prefix=as_others)
    path.unlink()
    with open(path, "wb") as huge:
        huge.truncate(1 << 42)
    run(f"larger than memory: {shown}", command(path), f"{quoted}.*(is larger than|may have)")
    path.unlink()
    path.symlink_to("/dev/zero")
    run(f"device without end: {shown}", command(path), f"{quoted}.*is no file")
    path.unlink()


def flipped(name, content, count):
    """The file with some of its bytes changed, in `count` ways that are the same each time."""
    for seed in range(count):
        damaged = bytearray(content)
        for step in range(1, 9):
            damaged[(seed * 7919 + step * step * 104729) % len(damaged)] ^= 1 << (seed + step) % 8
        yield file(name, bytes(damaged))
