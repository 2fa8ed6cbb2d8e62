"""Debian packages, and directories of them."""
import io
import tarfile

from harness import *


def tar_of(members, compression="gz", links=()):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{compression}") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for name, target, kind in links:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            archive.addfile(info)
    return out.getvalue()


def deb(path, package, version, files, control=None, links=()):
    """A Debian package: an ar archive of debian-binary, control.tar.gz and data.tar.gz."""
    if control is None:
        control = f"Package: {package}\nVersion: {version}\nArchitecture: amd64\n"
    archive = b"!<arch>\n"
    for name, content in [("debian-binary", b"2.0\n"), ("control.tar.gz", tar_of({"./control": control.encode()})),
                          ("data.tar.gz", tar_of(files, links=links))]:
        archive += f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n".encode() + content
        archive += b"\n" if len(content) % 2 else b""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(archive)
    return archive


release, version = "6.1.0-9999-amd64", "6.1.999-1"
debs = HERE / "debs"
environment = {"SUTURE_CACHE": str(HERE / "cache")}
headers_tree = f"./usr/src/linux-headers-{release}"
good_files = {
    "headers": {f"{headers_tree}/.config": (KIT / "shipped/config").read_bytes(),
                f"{headers_tree}/Module.symvers": (KIT / "shipped/Module.symvers").read_bytes(),
                f"{headers_tree}/include/generated/asm-offsets.h": b""},
    "image": {f"./boot/vmlinuz-{release}": b"x", f"./lib/modules/{release}/kernel/a": b"x"},
    "source": {"./usr/src/linux-source-6.1.tar.xz": tar_of({"linux-source-6.1/Makefile": b"all:\n"}, "xz")}}
packages = {"headers": f"linux-headers-{release}", "image": f"linux-image-{release}", "source": "linux-source-6.1"}

def lay_out(**instead):
    shutil.rmtree(debs, ignore_errors=True)
    for kind, package in packages.items():
        path = debs / f"{package}_{version}_amd64.deb"
        given = instead.get(kind, {})
        if isinstance(given, bytes):
            debs.mkdir(exist_ok=True)
            path.write_bytes(given)
        else:
            deb(path, package, version, **{"files": good_files[kind], **given})

def add(name, says, **instead):
    lay_out(**instead)
    run(f"kit add, {name}", ["kit", "add", release, "--deb-dir", debs], says, environment=environment)
    if (HERE / "cache/kits" / release).exists():
        judge(name, ["half a kit is left"], "")

(HERE / "cache/downloads").mkdir(parents=True)
(HERE / "cache/kits").mkdir()
(HERE / "cache/kits" / f"{release}.lock").touch()
debs.mkdir()
for kind, package in packages.items():
    lay_out()
    whole = (debs / f"{package}_{version}_amd64.deb").read_bytes()
    for how, bytes_, _ in spoiled(whole, ""):
        if bytes_ is not None:
            add(f"{kind} {how}", f"{package}.*deb", **{kind: bytes_})
    add(f"{kind} that ends early", f"{package}.*deb", **{kind: whole[:-30]})
    add(f"{kind} of another name", f"{package}.*is the package other", **{kind: {"control": f"Package: other\nVersion: {version}\nArchitecture: amd64\n"}})
    add(f"{kind} without a version", f"{package}.*Version", **{kind: {"control": f"Package: {package}\n"}})
    add(f"{kind} with a control file that is none", f"{package}.*control", **{kind: {"control": "\0\0\n\n:"}})
    add(f"{kind} of another version", "9999", **{kind: {"control": f"Package: {package}\nVersion: 1-1\nArchitecture: amd64\n"}})
    add(f"{kind} that is empty", f"{package}.*holds no", **{kind: {"files": {}}})
for name, target, type in [("./../../escape", "x", tarfile.SYMTYPE), (f"./lib/modules/{release}/a", "/etc/passwd", tarfile.SYMTYPE),
                           (f"./lib/modules/{release}/a", "../../../../../../x", tarfile.SYMTYPE),
                           (f"./lib/modules/{release}/a", f"./boot/vmlinuz-{release}", tarfile.LNKTYPE),
                           (f"./lib/modules/{release}/a", "", tarfile.CHRTYPE), (f"./lib/modules/{release}/a", "", tarfile.FIFOTYPE)]:
    add(f"image with {name} to {target!r}", "linux-image|lib/modules", image={"links": [(name, target, type)]})
config = f"{headers_tree}/.config"
for text in [b"", b"\0" * 1000, b"CONFIG_X", b"CONFIG_CC_VERSION_TEXT=\"rm -rf\"\n", b"CONFIG_CC_VERSION_TEXT=\"gcc-99 1\"\n", b"\xff\xfe" * 100, b"CONFIG_A=y\n"]:
    add(f"config {text[:30]!r}", "config|compiled by|gcc", headers={"files": {**good_files["headers"], config: text}})
lay_out()
for how, path in [("missing", HERE / "no-such"), ("a file", file("f", "x"))]:
    run(f"kit add, --deb-dir {how}", ["kit", "add", release, "--deb-dir", path], path.name, environment=environment)
run("kit add, --deb-dir empty", ["kit", "add", release, "--deb-dir", HERE / "out"], "no package|cannot be made", environment=environment)
for bad in ["x", "../..", "6.1.0-9999-arm64", "6.1.0-9999-rt-amd64", "a" * 100]:
    run(f"kit add {bad!r}", ["kit", "add", bad], "release|amd64|real-time", environment=environment)
    run(f"kit remove {bad!r}", ["kit", "remove", bad], "release|no kit", environment=environment)
run("kit add, the cache is a file", ["kit", "add", release, "--deb-dir", debs], "in/f", environment={"SUTURE_CACHE": str(HERE / "in/f")})
run("kit add, the cache has a space", ["kit", "add", release, "--deb-dir", debs], "space", environment={"SUTURE_CACHE": str(HERE / "a b")})
