"""Whoever has the server's database, and rewrites its audit so that the chain of digests fits again."""
import hashlib
import sqlite3
import struct


def digest_of(previous, entry):
    parts = [previous, *(str(part) for part in entry)]
    framed = b"".join(struct.pack("<Q", len(part.encode())) + part.encode() for part in parts)
    return hashlib.sha256(framed).hexdigest()


def rewrite_audit(directory, old, new, most=None):
    """Replaces words in what entries say; `most` cuts the audit off behind so many."""
    with sqlite3.connect(directory / "suture.db") as database:
        if most:
            database.execute("DELETE FROM audit WHERE sequence > ?", (most,))
        previous = ""
        for *entry, text, _ in database.execute("SELECT * FROM audit ORDER BY sequence").fetchall():
            text = text.replace(old, new)
            previous = digest_of(previous, (*entry, text))
            database.execute("UPDATE audit SET text = ?, digest = ? WHERE sequence = ?", (text, previous, entry[0]))
    database.close()
