"""Relocatable x86-64 objects, as far as the scenarios need to look into them. Shares nothing with
src/elf, so that the two check each other."""

import re
import struct
import subprocess

TEXT, UNDEFINED = 0x4, 0
FUNC, SECTION, FILE = 2, 3, 4
PC_RELATIVE = {2, 4, 24}  # PC32, PLT32, PC64


class Section:
    def __init__(self, name, type, flags, data, size, info):
        self.name, self.type, self.flags, self.data, self.size, self.info = name, type, flags, data, size, info
        self.relocations = []


class Symbol:
    def __init__(self, name, value, size, section, info):
        self.name, self.value, self.size, self.section = name, value, size, section
        self.type, self.bind = info & 15, info >> 4


class Object:
    def __init__(self, path):
        with open(path, "rb") as file:
            data = file.read()
        offset, = struct.unpack_from("<Q", data, 40)
        size, count, names = struct.unpack_from("<HHH", data, 58)
        headers = [struct.unpack_from("<IIQQQQIIQQ", data, offset + i * size) for i in range(count)]
        strings = data[headers[names][4]:headers[names][4] + headers[names][5]]
        self.path = path
        self.sections = []
        for name, type, flags, _, start, length, _, info, _, _ in headers:
            content = b"" if type == 8 else data[start:start + length]
            self.sections.append(Section(text(strings, name), type, flags, content, length, info))
        self.symbols = []
        for header, section in zip(headers, self.sections):
            if section.type == 2:
                names = self.sections[header[6]].data
                for at in range(0, section.size, 24):
                    name, info, _, index, value, length = struct.unpack_from("<IBBHQQ", section.data, at)
                    self.symbols.append(Symbol(text(names, name), value, length, index, info))
        for section in self.sections:
            if section.type == 4:
                for at in range(0, section.size, 24):
                    place, info, addend = struct.unpack_from("<QQq", section.data, at)
                    self.sections[section.info].relocations.append((place, info & 0xffffffff, info >> 32, addend))

    def named(self, name):
        return [s for s in self.sections if s.name == name]

    def functions(self):
        """Name -> symbol, of everything in code sections."""
        found = {}
        for s in self.symbols:
            if s.type == FUNC and 0 < s.section < 0xff00 and self.sections[s.section].flags & TEXT:
                found.setdefault(s.name, s)
        return found

    def instruction_ends(self, section):
        """Where the instruction after each byte of a code section begins."""
        done = subprocess.run(["objdump", "-dwz", "-j", section.name, self.path], capture_output=True, text=True)
        starts = [int(m[1], 16) for m in re.finditer(r"^ *([0-9a-f]+):\t", done.stdout, re.MULTILINE)]
        ends = {}
        for start, end in zip(starts, starts[1:] + [section.size]):
            ends.update(dict.fromkeys(range(start, end), end))
        return ends

    def meaning(self, relocation, base, end):
        """What a relocation in an instruction that ends at `end` may mean, wherever things lie: pairs
        of a name and an offset."""
        place, type, index, addend = relocation
        symbol = self.symbols[index]
        offset = addend + (end - place if type in PC_RELATIVE else 0)
        if symbol.section == UNDEFINED or symbol.section >= 0xff00:
            return {(base(symbol.name), offset)}
        section = self.sections[symbol.section]
        at = symbol.value + offset
        if section.flags & 0x20 and section.flags & 0x10:  # strings that may be merged
            return {("string", text(section.data, at) if 0 <= at < section.size else at)}
        inside = [s for s in self.symbols if s.section == symbol.section and s.type != SECTION and s.name]
        if symbol.type == SECTION:  # up to the end of an array
            named = [s for s in inside if len(inside) == 1 or s.value <= at <= s.value + s.size]
        else:
            named = [s for s in inside if s.value == symbol.value]
        return {(base(s.name), at - s.value) for s in named} or {("data", section.data[at:at + 8])}


def text(strings, at):
    return strings[at:strings.find(b"\0", at)].decode(errors="replace")
