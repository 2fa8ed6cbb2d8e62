"""The functions of a kernel source by their text: braces of functions in the first column, as the kernel's style has
it. Knows nothing of macros."""
import re

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
NAME = re.compile(r"(\w+)\s*\(")
NOT_NAMES = {"if", "while", "for", "switch", "return", "sizeof", "__acquires", "__releases", "__must_hold", "__attribute__", "__aligned", "__printf"}


def functions(path):
    """Name to text, without comments and in one spacing."""
    found, head, body = {}, [], None
    text = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), path.read_text(errors="replace"))
    for line in text.splitlines():
        if body is not None:
            body.append(line)
            if line.startswith("}"):
                names = [name for name in NAME.findall(" ".join(head)) if name not in NOT_NAMES]
                if names:
                    found[names[0]] = " ".join(" ".join(head + body).split())
                head, body = [], None
        elif line.startswith("{") and head:
            body = [line]
        elif line and not line[0].isspace() and not line.startswith(("#", "}")) and not line.rstrip().endswith((";", "\\")):
            head = [line]
        elif head and line and line[0].isspace():
            head.append(line)
        else:
            head = []
    return found


def changed_functions(before, after):
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
