"""Diffs, and what is given beside them on the command line of build, rebase and objects."""
from harness import *

good = FIX.read_bytes()
build = ["build", FIX, "--kernel", KERNEL, "--output", "out"]


def build_of(text):
    return ["build", file("bad.patch", text), "--kernel", KERNEL, "--output", "out"]


each("bad.patch", good, lambda f: ["build", f, "--kernel", KERNEL, "--output", "out"], "diff|hunk")
each("bad.patch", good, lambda f: ["rebase", f, "--from", KERNEL, "--to", KERNEL, "--output", "out/x"], "diff|hunk")

for path in ["../../../etc/passwd", "/etc/passwd", "kernel/../../x.c", "a\0b", "a\udcff/../../c"]:
    text = f"--- a/{path}\n+++ b/{path}\n@@ -1,1 +1,1 @@\n-a\n+b\n".encode(errors="surrogateescape")
    run(f"a diff of {path!r}", build_of(text), "bad.patch:1")
for hunk in ["@@ -1,99999999999999999999 +1 @@\n", "@@ -1,18446744073709551615 +1,18446744073709551615 @@\n x\n",
             "@@ -x +1 @@\n", "@@ -1 +1 @@\n*\n", "@@ -1 +1 @@\n\xff\xfe\x1b]0;\x07\n"]:
    run(f"hunk {hunk!r}", build_of("--- a/kernel/sys.c\n+++ b/kernel/sys.c\n" + hunk), "bad.patch:[345]")
# What a name holds is nothing that make or a shell would run.
for name in ["$(shell touch pwned)", "x;touch pwned;", "`touch pwned`", "x\ty", "-f", "%", "a b"]:
    text = f"--- /dev/null\n+++ b/kernel/{name}.c\n@@ -0,0 +1 @@\n+int x;\n"
    survive(f"a new file {name}", build_of(text))
if list(HERE.rglob("pwned")) + list(KIT.glob("*/pwned")):
    judge("names of files are not run", ["something ran one"], "")

run("an output that is a file", ["build", FIX, "--kernel", KERNEL, "--output", file("f")], "in/f")
run("an output below a file", ["build", FIX, "--kernel", KERNEL, "--output", file("f") / "x"], "in/f")
run("an output where nothing can be", ["build", FIX, "--kernel", KERNEL, "--output", "/proc/x"], "/proc")
run("no name for several", ["build", FIX, FIX, "--kernel", KERNEL, "--output", "out"], "needs a name")
for name in ["A", "1a", "a-b", "a/b", "../x", "a" * 56, " ", "a\nb"]:
    run(f"--name {name!r}", [*build, f"--name={name}"], "cannot name a module")
for cve in ["x", "CVE-2026-1", "CVE-2026-12345\n", "a" * 5000]:
    run(f"--cve {cve[:20]!r}", [*build, f"--cve={cve}"], "CVE", code=2)
key = file("key.pem", "x")
run("a key that is none", [*build, "--key", key, "--cert", key], "key.pem")
run("a key that is not there", [*build, "--key", "no-such.pem", "--cert", key], "no-such.pem.*No such file")
run("a key without its certificate", [*build, "--key", key], "--cert")

for release in ["x", "../../etc", "6.1.0-999-amd64", f"{KERNEL}/../{KERNEL}", "6.1.0\n"]:
    for command in [build[:2], ["match", FIX], ["check", FIX], ["objects", "kernel/sys.c"], ["prove", FIX],
                    ["rebase", FIX, f"--from={KERNEL}"]]:
        option = "--to" if command[0] == "rebase" else "--kernel"
        run(f"{command[0]} {option} {release!r}", [*command, f"{option}={release}"], "kernel release|no kit")
for source in ["/etc/passwd", "../x.c", "kernel/nope.c", "kernel", "", "a b.c", "$(touch x).c", "kernel/sys.c\nall:"]:
    run(f"objects {source!r}", ["objects", source, "--kernel", KERNEL], "is no file in the source of")
