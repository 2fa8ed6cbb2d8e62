"""What a disk may hold if the power goes: every state that it had when it was told to flush.

QEMU's driver blklogwrites keeps the writes of a guest in the format of dm-log-writes (Linux,
Documentation/admin-guide/device-mapper/log-writes.rst); all numbers are little-endian."""
import struct

MAGIC = 0x6A736677736872
FLUSH, FUA = 1, 2


def entries(log):
    """Each write or flush: (flags, byte offset, data)."""
    magic, version, count, sector_size = struct.unpack_from("<QQQI", log)
    if (magic, version) != (MAGIC, 1):
        raise SystemExit("this is no log of writes")
    at = sector_size
    for _ in range(count):
        sector, sectors, flags, _ = struct.unpack_from("<QQQQ", log, at)
        at += sector_size
        size = sectors * sector_size
        yield flags, sector * sector_size, log[at:at + size]
        at += size


def flushed_states(disk, log):
    """The disk's content at each flush, and at last; equal ones once."""
    content = bytearray(disk)
    seen = set()

    def new():
        state = bytes(content)
        if hash(state) in seen:
            return []
        seen.add(hash(state))
        return [state]

    for flags, offset, data in entries(log):
        if flags & FLUSH:
            yield from new()
        content[offset:offset + len(data)] = data
        if flags & FUA:
            yield from new()
    yield from new()
