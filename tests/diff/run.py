#!/usr/bin/env python3
"""Runs one scenario: compiles it as the original and, with -DPATCHED, as the fixed source, lets
`suture diff` tell them apart, and holds the result against the comments at the scenario's top:

    // expect: changed NAME        every replaced function, exactly; NAME,POSITION if `symbols` has several of it
    // expect: new NAME            every added function, exactly
    // expect: refused CODE NAME   every refusal: its code, and the last word of its place
    // expect: warning CODE NAME   every warning, likewise
    // expect: no change
    // reference: NAME             the output refers to it as an undefined or livepatch symbol;
    //                             .klp.sym.OBJECT.NAME,POSITION: to the letter
    // no reference: NAME
    // section: NAME SIZE          the output holds that many bytes of the section; 0: none
    // flags: …                    more compiler flags
    // link: FILE                  a second source, linked to both objects with ld -r
    // object: NAME                --object NAME
    // symbols: FILE               --symbols FILE, beside the scenario; `self`: readelf's list of the original
    // options: …                  more options of suture diff
    // overlaid: yes               compiled a third time, with -DPATCHED -DOVERLAID, for --overlaid
    // compilers: gcc | clang      only those
    // not with: COMPILER REASON   not that one; may be given again

`expect[gcc]:` and `expect[clang]:` hold for one kind of compiler. Whatever a scenario expects, this
must be so: an object has no change against itself; the same input gives the same bytes; the linker
and readelf take the output; and every function in it has the code and the references that it has in
the patched object."""

import argparse
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(__file__))
import elf

KERNEL_FLAGS = """-O2 -g0 -std=gnu11 -nostdinc -ffreestanding -mcmodel=kernel -mno-red-zone -fno-pic -fno-pie
    -pg -mfentry -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables -fno-stack-protector
    -fno-strict-aliasing -fno-common -fno-jump-tables -mno-sse -fshort-wchar -fno-strict-overflow
    -falign-functions=16 -Wall -Werror -Wno-unused""".split()


def gcc_flags(compiler):
    """Those that Linux gives to GCC alone; the first was a parameter before GCC 10."""
    version = int(run(compiler, "-dumpversion").stdout.split(".")[0])
    return ["-fno-allow-store-data-races" if version >= 10 else "--param=allow-store-data-races=0", "-fconserve-stack"]


class Failure(Exception):
    pass


def name_of(compiler):
    return os.path.basename(compiler)


def kind_of(compiler):
    return name_of(compiler).split("-")[0]


def compilers():
    """Every GCC and Clang that is installed, once each, and those whose paths are in COMPILERS."""
    found = {path: path for path in os.environ.get("COMPILERS", "").split()}
    for path in sorted(glob.glob("/usr/bin/gcc-*") + glob.glob("/usr/bin/clang-*") + ["/usr/bin/gcc", "/usr/bin/clang"]):
        if re.fullmatch(r"(gcc|clang)(-\d+)?", os.path.basename(path)) and os.path.exists(path):
            found.setdefault(os.path.realpath(path), os.path.basename(path))
    return found.values()


class Scenario:
    def __init__(self, path):
        self.path = path
        self.lines = []
        with open(path) as file:
            for line in file:
                match = re.match(r"//\s*([a-z ]+)(?:\[(\w+)\])?:\s*(.*?)\s*$", line)
                if match:
                    self.lines.append(match.groups())

    def get(self, key, compiler):
        return [value for k, only, value in self.lines if k == key and only in (None, kind_of(compiler))]

    def one(self, key, compiler, default=""):
        return (self.get(key, compiler) or [default])[-1]


def run(*command, ok=(0,), directory=None):
    done = subprocess.run(command, capture_output=True, text=True, cwd=directory)
    if done.returncode not in ok:
        raise Failure(f"{' '.join(command)}\nexit {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def compile(scenario, compiler, directory):
    folder = os.path.dirname(scenario.path)
    flags = KERNEL_FLAGS + (gcc_flags(compiler) if kind_of(compiler) == "gcc" else []) + ["-I", folder]
    flags += " ".join(scenario.get("flags", compiler)).split()
    source = os.path.basename(shutil.copy(scenario.path, directory))  # so that __FILE__ is a short, equal name
    objects = []
    builds = {"orig": [], "patched": ["-DPATCHED"]}
    if scenario.get("overlaid", compiler):
        builds["overlaid"] = ["-DPATCHED", "-DOVERLAID"]
    for name, define in builds.items():
        out = os.path.join(directory, name + ".o")
        run(compiler, *flags, *define, "-c", source, "-o", out, directory=directory)
        for other in scenario.get("link", compiler):
            run(compiler, *flags, "-x", "c", "-c", os.path.join(folder, other), "-o", out + ".2")
            run("ld", "-r", out, out + ".2", "-o", out + ".3")
            os.replace(out + ".3", out)
        objects.append(out)
    return objects


def base_name(name):
    """A name without compilers' numbers and livepatch's place."""
    name = re.sub(r"^\.klp\.sym\.\w+\.(.*),\d+$", r"\1", name)
    name = re.sub(r"^(.*__UNIQUE_ID_\w*?)\d+$", r"\1", re.sub(r"\.\d+(?=\.|$)", "", name))
    return re.sub(r"^(__BTF_ID__\w+?__)\d+$", r"\1", name)


def compare(what, expected, actual):
    if sorted(expected) != sorted(actual):
        raise Failure(f"{what}: expected {sorted(expected)}, got {sorted(actual)}")


def check_report(scenario, compiler, report):
    expected = scenario.get("expect", compiler)
    functions = [f"{f['why']} {f['name']}" + (f",{f['position']}" if f["position"] else "") for f in report["functions"]]
    place = lambda r: r["place"].split()[-1]
    refusals = {f"refused {r['code']} {place(r)}" for r in report["refusals"]}
    warnings = {f"warning {w['code']} {place(w)}" for w in report["warnings"]}
    if refusals:
        compare("refusals", [e for e in expected if e.startswith("refused")], refusals)
        return
    nothing = ["no change"] if report["outcome"] == "no change" else []
    compare("result", expected, functions + list(warnings) + nothing)


def check_output(scenario, compiler, report, patched, out):
    for line in run("readelf", "-aW", out).stderr.splitlines():
        raise Failure(f"readelf of the output: {line}")
    output, source = elf.Object(out), elf.Object(patched)
    before, after = source.functions(), output.functions()
    carried = {f["name"] for f in report["functions"]}
    carried |= {a for a, s in before.items() for c in carried
                if (s.section, s.value) == (before[c].section, before[c].value)}  # aliases
    allowed = carried | {n for n in before if re.sub(r"\.cold(\.\d+)?$", "", n) in carried} \
        | {n for n in before if re.sub(r"^__(pfx|cfi)_", "", n) in carried}
    compare("text symbols", allowed, list(after))
    replaced = {f["name"] for f in report["functions"] if f["why"] != "new"}
    for name, symbol in after.items():
        if name in replaced and symbol.bind != 0:
            raise Failure(f"{name} is replaced, so it must be local")
        check_function(name, source, before[name], output, symbol)
    names = {s.name for s in output.symbols if s.name and (s.section == 0 or s.section >= 0xff20)}
    references = {base_name(name) for name in names}
    references |= {name.split(".")[-1] for name in references}  # Clang: "function.variable"
    for name in scenario.get("reference", compiler):
        if name not in names if name.startswith(".klp.sym.") else base_name(name) not in references:
            raise Failure(f"the output does not refer to {name}, but to {sorted(names)}")
    for name in scenario.get("no reference", compiler):
        if base_name(name) in references:
            raise Failure(f"the output refers to {name}")
    for value in scenario.get("section", compiler):
        name, size = value.split()
        actual = sum(s.size for s in output.named(name))
        if actual != int(size):
            raise Failure(f"the output holds {actual} bytes of {name}, expected {size}")
    if any(s.type == elf.SECTION and s.section == 0 for s in output.symbols[1:]):
        raise Failure("the output has an undefined section symbol")
    if not any(s.section >= 0xff20 for s in output.symbols):
        run("ld", "-r", out, "-o", out + ".linked")


def check_function(name, source, a, output, b):
    """The same bytes, relocated fields apart, and relocations of the same meaning."""
    x, y = source.sections[a.section], output.sections[b.section]
    fields = set()
    for table, symbol, section in ((source, a, x), (output, b, y)):
        for place, type, _, _ in section.relocations:
            fields.update(range(place - symbol.value, place - symbol.value + (8 if type in (1, 24) else 4)))
    if a.size != b.size:
        raise Failure(f"{name} has {a.size} bytes in the patched object, {b.size} in the output")
    for i in range(a.size):
        if i not in fields and x.data[a.value + i] != y.data[b.value + i]:
            raise Failure(f"{name}+{i:#x} differs from the patched object")
    def inside(object, symbol, section):
        ends = object.instruction_ends(section)
        return [(r[0] - symbol.value, object.meaning(r, base_name, ends[r[0]])) for r in sorted(section.relocations)
                if symbol.value <= r[0] < symbol.value + symbol.size and r[1] != 0]

    ours, theirs = inside(output, b, y), dict(inside(source, a, x))
    for place, meaning in ours:
        # A branch inside a section needs no relocation there.
        if place in theirs and not theirs[place] & meaning:
            raise Failure(f"{name}+{place:#x} means {theirs[place]} in the patched object, {meaning} in the output")
    missing = set(theirs) - {place for place, _ in ours}
    if missing:
        raise Failure(f"{name}: lost relocations at {sorted(map(hex, missing))}")


def check(scenario, compiler, suture, directory):
    original, patched, *overlaid = compile(scenario, compiler, directory)
    out = os.path.join(directory, "out.o")
    options = scenario.one("options", compiler).split()
    if overlaid:
        options += ["--overlaid", overlaid[0]]
    if object := scenario.one("object", compiler):
        options += ["--object", object]
    if symbols := scenario.one("symbols", compiler):
        path = os.path.join(os.path.dirname(scenario.path), symbols)
        if symbols == "self":
            path = os.path.join(directory, "symbols")
            with open(path, "w") as file:
                file.write(run("readelf", "-sW", original).stdout)
        options += ["--symbols", path]
    command = [suture, "diff", original, patched, "-o", out, "--json", *options]
    done = run(*command, ok=(0, 3, 4))
    report = json.loads(done.stdout)
    codes = {"built": 0, "no change": 3, "refused": 4}
    compare("exit code", [codes[report["outcome"]]], [done.returncode])
    check_report(scenario, compiler, report)
    if os.path.exists(out) != (report["outcome"] == "built"):
        raise Failure(f"{report['outcome']}, yet the output {'exists' if os.path.exists(out) else 'is missing'}")
    if report["outcome"] == "built":
        check_output(scenario, compiler, report, overlaid[0] if overlaid else patched, out)
        with open(out, "rb") as file:
            first = file.read()
        run(*command)
        with open(out, "rb") as file:
            if file.read() != first:
                raise Failure("the same input gave other bytes")
    run(suture, "diff", original, original, "-o", out, *options, ok=(3,))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suture", required=True)
    parser.add_argument("--keep", help="directory to leave objects in")
    parser.add_argument("--compiler", action="append", help="this one only, by name or path; all that are installed unless given")
    parser.add_argument("scenario")
    arguments = parser.parse_args()
    scenario = Scenario(os.path.abspath(arguments.scenario))
    if not scenario.get("expect", "gcc") and not scenario.get("expect", "clang"):
        sys.exit(f"{arguments.scenario}: expects nothing")
    failed = ran = 0
    for compiler in arguments.compiler or compilers():
        only = scenario.one("compilers", compiler)
        if only and kind_of(compiler) not in only.split():
            continue
        if name_of(compiler) in (reason.split()[0] for reason in scenario.get("not with", compiler)):
            continue
        ran += 1
        directory = arguments.keep and os.path.join(arguments.keep, name_of(compiler))
        if directory:
            shutil.rmtree(directory, ignore_errors=True)
            os.makedirs(directory)
        else:
            directory = tempfile.mkdtemp()
        try:
            check(scenario, compiler, os.path.abspath(arguments.suture), directory)
        except Failure as failure:
            failed += 1
            print(f"{os.path.basename(scenario.path)}: {compiler}: {failure}")
        finally:
            if not arguments.keep:
                shutil.rmtree(directory)
    if ran == 0:
        sys.exit("none of the compilers that this scenario needs is installed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
