"""Hosts of Debian 12 for tests: stock packages with systemd and dpkg, on a disk that a guest is switched to; and our
packages, as they are built and as later versions. Debian's come from apt (mmdebstrap), once a week: they are kept beside
the kits. Needs root, to unpack files that are root's."""
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import guest

MODULES = ("virtio_pci", "virtio_blk", "crc32c_generic", "ext4")
WEEK = 7 * 24 * 3600
# What the guest does with its disk at hand; then it is on that disk.
SWITCH = """for module in /modules/*; do insmod "$module"; done
mkdir /disk
mount -t ext4 /dev/vda /disk || {{ echo "no disk"; exit 1; }}
{before}
umount -l /sys/kernel/security /sys/kernel/tracing /sys/kernel/debug /dev /sys /proc 2>/dev/null
exec switch_root /disk /sbin/init
"""


def as_root():
    """Begins this program anew as root, unless it is."""
    if os.geteuid() != 0:
        os.execvp("sudo", ["sudo", "--preserve-env", sys.executable, *sys.argv])


def make_packages():
    """suture-agent and suture-fetch."""
    subprocess.run(["cmake", "--build", guest.build, "--target", "packages"], check=True, stdout=subprocess.DEVNULL)
    return sorted((guest.build / "packages").glob("*.deb"))


def field(package, name):
    return subprocess.run(["dpkg-deb", "--field", package, name], capture_output=True, text=True, check=True).stdout.strip()


def later(packages, digit, into, change=None):
    """The same packages as a version that ends in `digit`. `change`, unless it is None, gets the agent's files. Their
    files."""
    into.mkdir(parents=True)
    made = []
    for package in packages:
        with tempfile.TemporaryDirectory() as directory:
            tree = pathlib.Path(directory) / "tree"
            subprocess.run(["dpkg-deb", "--raw-extract", package, tree], check=True)
            control = tree / "DEBIAN/control"
            now = field(package, "Version")
            version = now[:-1] + digit
            assert now < version, f"{now} is no version before {version}"
            control.write_text(control.read_text().replace(f"Version: {now}", f"Version: {version}").replace(f"(= {now})", f"(= {version})"))
            (tree / "DEBIAN/md5sums").unlink()
            agent = tree / "usr/sbin/suture-agent"
            if agent.exists():
                old, new = (each.encode() + b"\0" for each in (now, version))
                assert agent.read_bytes().count(old) == 1, f"{package}: the program does not say in one place that it is {now}"
                agent.write_bytes(agent.read_bytes().replace(old, new))
                if change:
                    change(tree)
            made.append(into / package.name.replace(now, version))
            subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, made[-1]], check=True, stdout=subprocess.DEVNULL)
    return made


def not_running(tree):
    """Its daemon ends at once."""
    (tree / "usr/sbin/suture-agent").write_text('#!/bin/sh\n[ "$1" != run ]\n')


def needed_by(packages):
    """Debian's packages that these depend on."""
    names = {"systemd-sysv", "kmod", "dbus"}
    for package in packages:
        names |= {each.split("|")[0].split()[0] for each in field(package, "Depends").split(",") if each}
    return sorted(name for name in names if not name.startswith("suture"))


def stock_root(packages):
    """An archive of a minimal Debian 12 with systemd, and what our packages need."""
    needed = ",".join(needed_by(packages))
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "suture"
    cache.mkdir(parents=True, exist_ok=True)
    archive = cache / f"root-bookworm-{hashlib.sha256(needed.encode()).hexdigest()[:12]}.tar"
    if not archive.exists() or time.time() - archive.stat().st_mtime > WEEK:
        fresh = archive.with_suffix(".new.tar")
        subprocess.run(["mmdebstrap", "--quiet", "--variant=essential", f"--include={needed}", "bookworm", fresh], check=True)
        fresh.rename(archive)
    return archive


def put(tree, where, content, mode=0o644):
    file = tree / where.lstrip("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    file.chmod(mode)


def unpack(tree, packages):
    """A host in that directory, with our packages in /packages, and none of them installed."""
    tree.mkdir()
    subprocess.run(["tar", "-C", tree, "-xf", stock_root(packages), "--exclude=./usr/share/doc", "--exclude=./usr/share/locale"], check=True)
    for package in packages:
        put(tree, f"/packages/{package.name}", package.read_bytes())
    put(tree, "/usr/bin/busybox", pathlib.Path("/usr/bin/busybox").read_bytes(), 0o755)


def enable(tree, units):
    """Adds them: name to text."""
    for name, text in units.items():
        put(tree, f"/etc/systemd/system/{name}", text.encode())
    subprocess.run(["systemctl", f"--root={tree}", "--quiet", "enable", *units], check=True)


def make_disk(path, tree):
    with path.open("wb") as file:
        file.truncate(700 << 20)
    subprocess.run(["mke2fs", "-q", "-t", "ext4", "-O", "^metadata_csum", "-d", tree, path], check=True,
                   env=os.environ | {"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"})


def drive(path):
    """What QEMU is told of it. A host that does not outlive the test needs nothing on our own disk."""
    return ["-drive", f"file={path},format=raw,if=virtio,cache=unsafe"]


def switching(kit, kernel, modules=(), before="", files=None):
    """The root file system that a guest comes up with. Before it is on its disk, which is at /disk, it inserts `modules`
    too and runs `before` (sh), which finds `files`."""
    inserted = guest.modules_of(kit, kernel, MODULES + tuple(modules)).items()
    everything = {f"/modules/{number:02}-{name}.ko": content for number, (name, content) in enumerate(inserted)}
    everything |= {"/switch.sh": SWITCH.format(before=before).encode(), **(files or {})}
    return guest.root_of(". /switch.sh", {}, everything)
