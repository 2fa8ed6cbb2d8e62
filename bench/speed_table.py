"""What bench/speed measured, as the text of bench/results/speed.md."""
import datetime
import os
import pathlib
import re
import statistics

TITLES = {
    "vmlinux": "one file of vmlinux (kernel/sys.c)",
    "module": "one file of a module (minix)",
    "both": "over both objects",
    "large_file": "one large file of vmlinux (tcp_input.c)",
    "large_module": "one file of the largest module (amdgpu_dm.c)",
}
# What the seconds may be, by the slowest compile of the cold build.
STATES = {
    "cold": ("nothing compiled", "3 s and two compiles", lambda compile: 3 + 2 * compile),
    "edited": ("the fix edited", "2 s and one compile", lambda compile: 2 + compile),
    "again": ("the same again", "2 s", lambda compile: 2),
}


def table(kernel, kits, builds, header, passes, bundle, loads, seconds):
    yield "# How fast\n"
    yield (f"Of {kernel}, with the release build, by `make bench` on {datetime.date.today()}: {_processor()}, {os.cpu_count()} processors, "
           f"Linux {os.uname().release}. Load average before {loads[0][0]:.1f}, after {loads[1][0]:.1f}; all took {seconds:.0f} s. "
           "Figures are minimum / median. CPU seconds (user and system, compilers too) suffer less from a busy machine.\n")
    yield "## Making a kit\n"
    yield "| | seconds | CPU seconds | goal |\n|---|---|---|---|"
    after = [kit["seconds"]["total"] - kit["seconds"]["download"] for kit in kits]
    yield f"| after download | {_two(after)} | {_two([kit['cpu'] for kit in kits])} | 60: {_met(min(after), 60)} |"
    for part in ("unpack", "configure", "prepare", "sync"):
        yield f"| of these: {part} | {_two([kit['seconds'][part] for kit in kits])} | | |"
    downloads = [kit["seconds"]["download"] for kit in kits]
    yield f"| download, or finding what was downloaded | {_two(downloads)} | | |\n"

    yield "## Building a fix\n"
    yield "| fix | state | runs | seconds | beside its slowest compile | CPU seconds | of these, compilers apart | goal, minimum |\n|---|---|---|---|---|---|---|---|"
    for name, states in builds.items():
        for state, (words, goal, most) in STATES.items():
            runs = states[state]
            walls = [run["wall"] for run in runs]
            # Beside its own compile: a run that others disturb has slow compiles too.
            compiles = [run["slowest_compile"] for run in runs]
            ratio = _two([wall / compile for wall, compile in zip(walls, compiles)]) + " times" if all(compiles) else ""
            best = min(range(len(runs)), key=lambda i: walls[i])
            limit = most(compiles[best])
            yield (f"| {TITLES[name]} | {words} | {len(runs)} | {_two(walls)} | {ratio} | {_two([run['cpu'] for run in runs])} | "
                   f"{_two([run['cpu_seconds'] for run in runs])} | {goal}, {limit:.1f}: {_met(walls[best], limit)} |")
    yield ""
    phases = {}
    for states in builds.values():
        for run in states["cold"]:
            for phase in run["phases"]:
                phases.setdefault(phase["phase"], []).append(phase["seconds"])
    yield "Where the seconds of the builds with nothing compiled go, median of all: " + ", ".join(f"{phase} {statistics.median(s):.2f}" for phase, s in phases.items()) + ".\n"
    yield (f"A header that many sources of a module include (fs/smb/server/ksmbd_work.h), nothing compiled: {header['wall']:.1f} s, "
           f"{header['cpu']:.1f} CPU seconds, slowest compile {header['slowest_compile']:.1f} s. Every source that includes it is compiled with and without the fix.\n")

    yield "## Memory\n"
    peak = {name: max(run["peak_memory"] for runs in states.values() for run in runs) for name, states in builds.items()}
    peak["header"] = header["peak_memory"]
    yield "| fix | most memory of `suture build` | goal 300 MB |\n|---|---|---|"
    for name, bytes_used in peak.items():
        yield f"| {TITLES.get(name, 'the header')} | {bytes_used / 1e6:.0f} MB | {_met(bytes_used / 1e6, 300)} |"
    yield ""

    yield "## The passes over one object\n"
    yield "| object | size | reading both | the passes (CPU time) | goal |\n|---|---|---|---|---|"
    for source in dict.fromkeys(row["name"].split(" ")[1].split("/repeats")[0] for row in passes):
        rows = lambda what: [row for row in passes if row["name"].split("/repeats")[0] == f"{what} {source}"]
        took = [row["cpu_time"] for row in rows("diff")]
        yield (f"| {source} | {rows('diff')[0]['kilobytes']:.0f} kB | {_two([row['cpu_time'] for row in rows('read')])} ms | {_two(took)} ms | "
               f"20 ms: {_met(min(took), 20)} |")
    yield "\n## A host's work\n"
    yield "| | CPU time |\n|---|---|"
    for name in dict.fromkeys(row["name"].split("/repeats")[0] for row in bundle):
        rows = [row for row in bundle if row["name"].split("/repeats")[0] == name]
        yield f"| {name.replace('_', ' ')} | {_two([row['cpu_time'] for row in rows])} {rows[0]['time_unit']} |"
    yield ("\nFor comparison, not measured in this run: on another Debian 12 machine with 2 processors, kpatch-build built vmlinux in 1308 s "
           "(2118 CPU seconds) once, and then took 253 to 272 s for each fix of one line.")


def _two(values):
    return f"{min(values):.1f} / {statistics.median(values):.1f}"


def _met(value, most):
    return "met" if value <= most else "**missed**"


def _processor():
    found = re.search(r"^model name\s*:\s*(.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found.group(1) if found else "unknown processor"
