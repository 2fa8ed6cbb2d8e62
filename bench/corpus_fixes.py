"""The fixes of a corpus: what differs between two source trees, one changed .c file each, with the hunks
of changed headers that it does not compile without."""
import difflib
import filecmp
import functools
import os
import pathlib
import re

# Where the kernel's own compile looks for <...> (Makefile, LINUXINCLUDE), and what lies beside it.
INCLUDE_PATHS = ("include", "arch/x86/include", "include/uapi", "arch/x86/include/uapi")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
WORD = re.compile(r"[A-Za-z_]\w*")
COMMON = set("struct union enum const int unsigned long char void in this function static inline return sizeof include".split())


class Trees:
    def __init__(self, older, newer):
        self.older, self.newer = pathlib.Path(older), pathlib.Path(newer)

    @functools.cache
    def changed_sources(self):
        """Every .c file that both trees have, and that differs."""
        found = []
        for directory, _, files in os.walk(self.older):
            for name in files:
                path = pathlib.Path(directory, name).relative_to(self.older)
                if name.endswith(".c") and self.is_changed(str(path)) and (self.newer / path).is_file():
                    found.append(str(path))
        return sorted(found)

    @functools.cache
    def is_changed(self, path):
        older, newer = self.older / path, self.newer / path
        return older.is_file() != newer.is_file() or older.is_file() and not filecmp.cmp(older, newer, shallow=False)

    @functools.cache
    def hunks(self, path):
        """The difference of one file: its head, and the hunks."""
        texts = [(tree / path).read_text(errors="surrogateescape").splitlines(True) if (tree / path).is_file() else []
                 for tree in (self.older, self.newer)]
        names = [f"{side}/{path}" if text else "/dev/null" for side, text in zip("ab", texts)]
        lines = list(difflib.unified_diff(*texts, *names))
        starts = [i for i, line in enumerate(lines) if line.startswith("@@ ")] + [len(lines)]
        whole = lambda part: "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in part)
        return whole(lines[:starts[0]]), [whole(lines[a:b]) for a, b in zip(starts, starts[1:])]

    @functools.cache
    def added_words(self):
        """Words of lines that changed sources have only in the newer tree."""
        return {word for source in self.changed_sources() for hunk in self.hunks(source)[1] for line in hunk.splitlines()
                if line.startswith("+") for word in WORD.findall(line)}

    @functools.cache
    def _includes(self, path):
        text = (self.newer / path).read_text(errors="surrogateescape")
        found = []
        for kind, name in INCLUDE.findall(text):
            places = [os.path.dirname(path)] if kind == '"' else []
            for place in [*places, *INCLUDE_PATHS, os.path.dirname(path)]:
                other = os.path.normpath(os.path.join(place, name))
                if not other.startswith("..") and (self.newer / other).is_file():
                    found.append(other)
                    break
        return found

    def changed_headers(self, source):
        """Those that the newer source includes, however far down, nearest first. By their text alone."""
        reached, order = {source}, [source]
        for path in order:
            for other in self._includes(path):
                if other not in reached:
                    reached.add(other)
                    order.append(other)
        return [path for path in order[1:] if self.is_changed(path)]


class Fix:
    """The difference of one source; grows by the hunks of headers that the compiler turns out to need."""

    def __init__(self, trees, source):
        self.trees, self.source = trees, source
        self.headers = {}  # path -> numbers of the hunks taken

    def text(self):
        parts = []
        for path, numbers in [(self.source, None), *self.headers.items()]:
            head, hunks = self.trees.hunks(path)
            parts += [head, *(hunks if numbers is None else [hunks[i] for i in sorted(numbers)])]
        return "".join(parts)

    def add_hunks_for(self, error):
        """Takes along every hunk of a header that speaks of what the compiler misses. False if there is none."""
        lines = error.splitlines()
        errors = [line for line in lines if "error:" in line]
        missed = {word for line in errors for quoted in re.findall(r"'([^']+)'", line) for word in WORD.findall(quoted)}
        missed |= {word for line in errors for word in re.findall(r"error: (\S+\.h): No such file", line)}
        # Or of the code that it shows: a macro makes other names of those that it is given.
        shown = {word for line in lines for code in re.findall(r"^ *\d+ \|(.*)", line) for word in WORD.findall(code) if len(word) > 5}
        return self._add_hunks_with(missed - COMMON) or self._add_hunks_with(shown - COMMON)

    def _add_hunks_with(self, words):
        grown = False
        for path in self.trees.changed_headers(self.source):
            _, hunks = self.trees.hunks(path)
            taken = self.headers.get(path, set())
            wanted = {i for i, hunk in enumerate(hunks) if self._speaks_of(hunk, words)}
            if not (self.trees.older / path).is_file() and any(path.endswith(word) for word in words):
                wanted = set(range(len(hunks)))
            if wanted - taken:
                self.headers[path] = taken | wanted
                grown = True
        return grown

    def needs_other_sources(self, refusals):
        """Whether it was refused for nothing but functions that other changed sources are to bring."""
        names = {refusal["place"].rsplit(" ", 1)[1] for refusal in refusals}
        return bool(refusals) and all(r["code"] == "unresolved-symbol" for r in refusals) and names <= self.trees.added_words()

    @staticmethod
    def _speaks_of(hunk, words):
        return any(words & set(WORD.findall(line[1:])) for line in hunk.splitlines() if line[:1] in "+-")
