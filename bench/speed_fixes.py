"""The fixes that bench/speed builds: made from the kernel's source, so that every kernel takes them. None is ever run."""
import difflib
import re

# A statement more, after the first line that is equal.
STATEMENT = "\tcpu_relax();\n"
PLACES = {
    "kernel/sys.c": "\t\tuser_auxv[AT_VECTOR_SIZE - 1] = AT_NULL;\n",
    "fs/minix/inode.c": "\ts->s_op = &minix_sops;\n",
    "net/ipv4/tcp_input.c": "\tinet_csk_schedule_ack(sk);\n",
    "drivers/gpu/drm/amd/display/amdgpu_dm/amdgpu_dm.c": "\tmutex_lock(&adev->dm.dc_lock);\n",
}
HEADER = "fs/smb/server/ksmbd_work.h"
FIXES = {
    "vmlinux": ["kernel/sys.c"],
    "module": ["fs/minix/inode.c"],
    "both": ["kernel/sys.c", "fs/minix/inode.c"],
    "large_file": ["net/ipv4/tcp_input.c"],
    "large_module": ["drivers/gpu/drm/amd/display/amdgpu_dm/amdgpu_dm.c"],
}


def make_fixes(source, directory):
    """Name -> patch file."""
    directory.mkdir(parents=True, exist_ok=True)
    fixes = {name: "".join(_difference(source, path, lambda lines, path=path: _after(lines, path)) for path in paths) for name, paths in FIXES.items()}
    fixes["header"] = _difference(source, HEADER, lambda lines: lines[:-1] + ["static inline int suture_bench(void) { return 1; }\n", lines[-1]])
    made = {}
    for name, text in fixes.items():
        made[name] = directory / f"{name}.patch"
        made[name].write_text(text)
    return made


def edited(fix, number):
    """The same fix, which has to be compiled again: its statements have comments."""
    path = fix.with_name(f"{fix.stem}-edited.patch")
    path.write_text(re.sub(r"^(\+\t.*;)$", rf"\1 /* {number} */", fix.read_text(), flags=re.MULTILINE))
    return path


def _after(lines, path):
    place = lines.index(PLACES[path]) + 1
    return lines[:place] + [STATEMENT] + lines[place:]


def _difference(source, path, change):
    lines = (source / path).read_text().splitlines(True)
    return "".join(difflib.unified_diff(lines, change(lines), f"a/{path}", f"b/{path}"))
