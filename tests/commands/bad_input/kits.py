"""What a kit is made of: the shipped kernel, its modules and lists, and the kit's own record."""
import gzip
import lzma
import struct

from harness import *


def broken_kit(part):
    """A kit whose parts are those of KIT, but for one of shipped/, which is a file that can be spoiled."""
    root = HERE / "cache/kits" / KERNEL
    shutil.rmtree(root, ignore_errors=True)
    target = root / part
    target.parent.mkdir(parents=True)
    (root / "cache").mkdir()
    record = json.loads((KIT / "kit.json").read_text())
    record["root"] = str(root)
    (root / "kit.json").write_text(json.dumps(record))
    # Every directory on the way to the part is a real one, and what lies beside it a link.
    for level in [target.parent, *target.parent.parents]:
        if not level.is_relative_to(root):
            break
        for beside in (KIT / level.relative_to(root)).iterdir():
            if not (level / beside.name).exists() and level / beside.name != target:
                (level / beside.name).symlink_to(beside)
    return target


def each_in_kit(part, command, kind):
    target = broken_kit(part)
    content = (KIT / part).read_bytes()
    environment = {"SUTURE_CACHE": str(HERE / "cache")}
    for how, bytes_, says in spoiled(content, kind):
        target.unlink(missing_ok=True)
        if bytes_ is not None:
            target.write_bytes(bytes_)
        run(f"{how}: {command[0]} with {part}", command, f"(?s){target.name}.*({says})", environment=environment)
    target.unlink()
    target.mkdir()
    run(f"directory: {command[0]} with {part}", command, f"{target.name}.*directory", environment=environment)
    shutil.rmtree(HERE / "cache/kits" / KERNEL)


class Kernel:
    """The one in a vmlinuz, which can be spoiled and packed anew: damage that no checksum tells."""

    def __init__(self, vmlinuz):
        self.vmlinuz = vmlinuz
        offset, self.length = struct.unpack_from("<II", vmlinuz, 0x248)
        self.start = (vmlinuz[0x1f1] + 1) * 512 + offset
        self.unpacked = lzma.decompress(vmlinuz[self.start:self.start + self.length - 4])

    def spoiled(self, spoil):
        kernel = bytearray(self.unpacked)
        spoil(kernel)
        payload = gzip.compress(kernel, compresslevel=0)
        again = bytearray(self.vmlinuz[:self.start] + payload + self.vmlinuz[self.start + self.length:])
        struct.pack_into("<I", again, 0x24c, len(payload))
        return bytes(again)


def zero_from(mark, size):
    def spoil(kernel):
        at = kernel.index(mark)
        kernel[at:at + size] = bytes(size)
    return spoil


def zero_part(first, last):
    def spoil(kernel):
        begin, end = (int(len(kernel) * part) for part in (first, last))
        kernel[begin:end] = bytes(end - begin)
    return spoil


BTF = b"\x9f\xeb\x01\x00\x18\x00\x00\x00"  # struct btf_header: magic, version, flags, hdr_len
fix = FIX.parent.parent / "refused/assembly.patch"  # refused before anything is compiled, and the kernel is read all the same
build = ["build", fix, "--kernel", KERNEL, "--output", "out"]
directory = f"shipped/lib/modules/{KERNEL}"
minix = str(next((KIT / directory).rglob("minix.ko*")).relative_to(KIT))
loop = str(next((KIT / directory).rglob("loop.ko*")).relative_to(KIT))
object = file("minix.o", (KIT / minix).read_bytes())
match = ["match", object, "--object", "minix", "--kernel", KERNEL]
match_vmlinux = ["match", object, "--kernel", KERNEL]
check = ["check", object, "--kernel", KERNEL]

for command in [build, match_vmlinux, check]:
    each_in_kit("shipped/vmlinuz", command, "bzImage|kernel|truncated")
for command in [build, check]:
    each_in_kit("shipped/Module.symvers", command, "whole line|:1:")
for command in [build, match]:
    each_in_kit(f"{directory}/modules.dep", command, "whole line|line 1")
each_in_kit(loop, build, "ELF|section|ends")
each_in_kit(minix, match, "ELF|section|ends")

image = broken_kit("shipped/vmlinuz")
kernel = Kernel((KIT / "shipped/vmlinuz").read_bytes())
environment = {"SUTURE_CACHE": str(HERE / "cache")}
for what, spoil in {"no BTF": zero_from(BTF, 4), "empty BTF": zero_from(BTF, 1 << 20),
                    "BTF that ends nowhere": lambda kernel: struct.pack_into("<I", kernel, kernel.index(BTF) + 12, 1 << 31),
                    "no ELF": zero_part(0, 0.0001), "no section headers": lambda kernel: struct.pack_into("<Q", kernel, 0x28, 0),
                    "no data": zero_part(0.35, 0.9), "no kallsyms": zero_part(0.25, 0.6)}.items():
    image.write_bytes(kernel.spoiled(spoil))
    run(f"vmlinuz with {what}", build, "vmlinuz", environment=environment)

target = broken_kit("kit.json")
for text in ["", "{", "[]", '{"format": 1}', '{"format": "x", "root": 1, "kit": []}', '{"format": 7, "root": "", "kit": {}}',
             (KIT / "kit.json").read_text(), "[" * 100000]:
    target.unlink(missing_ok=True)
    target.write_text(text)
    for command in [build, ["objects", "kernel/sys.c", "--kernel", KERNEL], ["rebase", fix, "--from", KERNEL, "--to", KERNEL]]:
        run(f"kit.json {text[:20]!r}: {command[0]}", command, "kit.json", environment=environment)
shutil.rmtree(HERE / "cache")
