"""Guests for tests: a root file system with busybox and programs of ours, booted on a kit's kernel in QEMU."""
import hashlib
import json
import lzma
import os
import pathlib
import re
import shutil
import subprocess

top = pathlib.Path(__file__).resolve().parent.parent
build = pathlib.Path(os.environ.get("BUILD", top / "build/release"))
suture = os.environ.get("SUTURE", build / "src/cli/suture")

INIT = """#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t debugfs debugfs /sys/kernel/debug
mount -t tracefs tracefs /sys/kernel/tracing
mount -t securityfs securityfs /sys/kernel/security
stty -F /dev/ttyS1 raw -echo
ip link set lo up
{command} >/dev/ttyS1 2>&1
poweroff -f
"""


def newc(files):
    """The archive of a root file system: path to (mode, bytes)."""
    out = bytearray()
    for number, (path, (mode, content)) in enumerate([*sorted(files.items()), ("TRAILER!!!", (0, b""))], 1):
        name = path.encode() + bytes(1)
        fields = [number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name), 0]
        out += b"070701" + b"".join(b"%08x" % field for field in fields) + name
        out += bytes(-len(out) % 4) + content
        out += bytes(-len(out) % 4)
    return bytes(out)


def with_libraries(program):
    """The files that a program needs, by their paths."""
    listing = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    return re.findall(r"(/\S+) \(0x", listing)


def root_of(command, programs, files):
    """A root file system that runs `command` (sh), with programs (path in the guest to path here) and files (path
    in the guest to bytes)."""
    everything = {"/init": (0o755, INIT.replace("{command}", command).encode()),
                  "/bin/busybox": (0o755, pathlib.Path("/usr/bin/busybox").read_bytes())}
    for path, program in programs.items():
        everything[path] = (0o755, pathlib.Path(program).read_bytes())
        for library in with_libraries(program):
            everything[library] = (0o755, pathlib.Path(library).read_bytes())
    for path, content in files.items():
        everything[path] = (0o644, content)
    entries = {}
    for path, (mode, content) in everything.items():
        parts = path.strip("/").split("/")
        for depth in range(1, len(parts)):
            entries["/".join(parts[:depth])] = (0o040755, b"")
        entries["/".join(parts)] = (0o100000 | mode, content)
    for directory in ("bin", "proc", "sys", "dev", "tmp", "run", "etc"):
        entries.setdefault(directory, (0o040755, b""))
    return newc(entries)


def build_live_patch(patch, kernel, output):
    """The module that suture builds of a patch."""
    built = subprocess.run([suture, "build", patch, "--kernel", kernel, "--output", output, "--name",
                            pathlib.Path(patch).stem], capture_output=True, text=True)
    if built.returncode:
        raise SystemExit(f"{patch}: {built.stdout}{built.stderr}")
    return (pathlib.Path(output) / f"{pathlib.Path(patch).stem}.ko").read_bytes()


def files_of_agent(config, kernel, output, *patches):
    """What a guest with the agent has: the live patches, the agent's configuration with their digests in it, and the
    words of its scenarios."""
    files = {f"/patches/{patch.stem}.ko": build_live_patch(patch, kernel, output) for patch in patches}
    digest = lambda found: hashlib.sha256(files[f"/patches/{found[1]}.ko"]).hexdigest()
    files["/agent.yaml"] = re.sub(r"SHA256 of (\w+)", digest, config.read_text()).encode()
    files["/words.sh"] = (top / "tests/agent_words.sh").read_bytes()
    return files


def repository(kernel, output):
    """Two levels, signed and published: the files of the repository, of the one before the second came, and the first
    root."""
    environment = {**os.environ, "KERNEL": kernel, "SUTURE": str(suture), "SOURCE": str(top)}
    if "LEVELS" not in environment:
        environment["LEVELS"] = str(output / "levels")
        (output / "levels").mkdir()
        subprocess.run([top / "tests/trust/make-levels", output / "levels"], env=environment, check=True)
    script = """. $SOURCE/tests/trust/common.sh; begin
        add 1 --severity cmdline.patch=high; sign_and_publish; cp -r served older; add 2; sign_and_publish"""
    made = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=output, env=environment, capture_output=True, text=True)
    if made.returncode:
        raise SystemExit(f"no repository: {made.stdout}{made.stderr}")
    files = {f"/{path.relative_to(output)}": path.read_bytes()
             for name in ("served", "older") for path in (output / name).rglob("*") if path.is_file()}
    return files | {"/root.json": files["/served/metadata/1.root.json"]}


def kit_of(kernel):
    """The kit's directory; it is made if there is none."""
    subprocess.run([suture, "kit", "add", kernel], check=True, stdout=subprocess.DEVNULL)
    kits = json.loads(subprocess.run([suture, "kit", "list", "--json"], check=True, capture_output=True).stdout)
    return next(kit["path"] for kit in kits if kit["release"] == kernel)


def modules_of(kit, kernel, names):
    """The shipped files of these modules and of what they need, in the order of insertion: name to bytes. What is
    built in has none."""
    directory = pathlib.Path(kit) / "shipped/lib/modules" / kernel
    needs = dict(line.split(":", 1) for line in (directory / "modules.dep").read_text().splitlines())
    path_of = {pathlib.Path(path).name.split(".")[0]: path for path in needs}
    order = []

    def add(path):
        for needed in reversed(needs[path].split()):
            add(needed)
        if path not in order:
            order.append(path)

    for name in names:
        if name in path_of:
            add(path_of[name])
    read = lambda path: lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
    return {pathlib.Path(path).name.split(".")[0]: read(directory / path) for path in order}


def make_disk(path, size):
    """An empty file system, in a file."""
    with path.open("wb") as file:
        file.truncate(size)
    mkfs = shutil.which("mkfs.ext4", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")  # not on everybody's PATH
    subprocess.run([mkfs, "-q", "-O", "^metadata_csum", "-J", "size=1", path], check=True)


def drive(path):
    """What QEMU is told of it; the guest needs virtio_blk and ext4."""
    return ["-drive", f"file={path},format=raw,if=virtio,cache=writethrough"]


def unpacked(kit):
    """The kit's kernel as the build of a live patch left it there, unpacked: that takes an emulated guest longer than
    the rest of its start does. It lies at a fixed place then; guests of `suture prove` have it at a random one."""
    vmlinuz = pathlib.Path(kit) / "shipped/vmlinuz"
    kept = pathlib.Path(kit) / f"cache/vmlinux-{hashlib.sha256(vmlinuz.read_bytes()).hexdigest()}"
    return kept if kept.exists() else vmlinuz


def qemu(kit, initramfs, output, options="", devices=(), reboots=False):
    """The command that boots a guest. It says what it has to say into `said`, its second serial port, and `console`.

    Its programs lie at fixed places (norandmaps): QEMU keeps what it has translated by address, and translates a program
    that is elsewhere at each start as often as it starts."""
    (output / "initramfs").write_bytes(initramfs)
    (output / "said").touch()
    (output / "console").touch()
    return ["qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none", *([] if reboots else ["-no-reboot"]),
            "-machine", "q35", "-accel", "tcg,thread=single", "-cpu", "max", "-smp", "2", "-m", "512",
            "-kernel", unpacked(kit), "-initrd", output / "initramfs",
            "-append", f"console=ttyS0 panic=-1 no_timer_check norandmaps {options}",
            "-serial", f"file:{output}/console", "-serial", f"file:{output}/said", *devices]


def boot(kit, initramfs, output, options="", devices=(), reboots=False, limit=1200):
    """Returns what the guest said on its second serial port, and its console. Where it reboots is where it ends,
    unless `reboots`; `limit` seconds are the most."""
    subprocess.run(qemu(kit, initramfs, output, options, devices, reboots), timeout=limit, check=True)
    return tuple((output / name).read_text(errors="replace") for name in ("said", "console"))
