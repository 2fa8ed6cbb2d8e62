"""What is told as it happens, over one connection."""
import json
import sqlite3

import asked
import case


class EventStream:
    """Reads events; each is held against the contract."""

    def __init__(self, server, target, token, **fields):
        self.connection = server.connect()
        fields = {name.replace("_", "-"): value for name, value in fields.items()}
        self.connection.request("GET", target, headers={"Accept": "text/event-stream", "Authorization": f"Bearer {token}", **fields})
        self.answer = self.connection.getresponse()
        asked.hold_to_contract("GET", target, self.answer.status, self.answer.headers, b"")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def block(self):
        """Lines up to an empty one: an event, or a comment."""
        lines = []
        while line := self.answer.readline():
            if line == b"\n":
                return lines
            lines.append(line.decode().rstrip("\n"))
        raise EOFError

    def next(self):
        """The next event's id, and its entry."""
        while True:
            fields = dict(line.split(": ", 1) for line in self.block() if not line.startswith(":"))
            if fields:
                entry = json.loads(fields["data"])
                asked.VALIDATORS["AuditEntry"].validate(entry)
                return int(fields["id"]), entry


class EventStreams(case.Case):
    def setUp(self):
        super().setUp()
        self.begun = self.last_entry()

    def stream(self, target=None, **fields):
        """Without a target, of all that happens since a test began."""
        return EventStream(self.server, target or f"/v1/events?after={self.begun}", self.operator, **fields)

    def test_events_come_as_they_happen_and_go_on_where_they_were(self):
        self.host("a", "canary")
        with self.stream() as events:
            self.assertEqual(events.next()[1]["text"], "enrolled: a")
            rollout = self.created(1, ("canary", {}))
            seen, created = events.next()
            self.assertIn("created: a fix", created["text"])
        self.act(rollout, "pause", reason="a drill")
        self.server.stop()
        self.server.start()
        with self.stream(Last_Event_ID=str(seen)) as events:
            self.assertEqual(events.next()[0], seen + 1)
            self.act(rollout, "resume")
            self.assertEqual(events.next()[1]["text"], "resumed by ada")

    def test_events_of_one_rollout_are_its_own(self):
        self.host("a", "canary")
        rollout = self.created(1, ("canary", {}))
        with self.stream(f"/v1/rollouts/{rollout['id']}/events") as events:
            self.assertIn("created: a fix", events.next()[1]["text"])
            self.host("b", "wave")
            self.act(rollout, "pause")
            self.assertEqual(events.next()[1]["text"], "paused by ada")

    def test_a_stream_on_which_nothing_happens_has_a_comment_from_time_to_time(self):
        with self.stream() as events:
            for _ in range(2):
                self.assertEqual(events.block(), [":"])

    def test_a_reader_that_reads_nothing_holds_up_nobody(self):
        self.host("a", "canary")
        with sqlite3.connect(self.server.directory / "suture.db") as database:  # more than what sockets hold for it
            database.executemany("INSERT INTO audit VALUES(?, 0, 'server', '', '', '', ?, ?)",
                                 ((self.begun + number, "x" * 20_000, "0" * 64) for number in range(2, 1000)))
        with self.stream() as stuck:
            self.assertEqual(stuck.next()[0], self.begun + 1)
            rollout = self.created(1, ("canary", {}))
            with self.stream(Last_Event_ID=str(self.begun + 1000)) as events:
                self.assertEqual(self.act(rollout, "pause")[0], 200)
                self.assertEqual(events.next()[1]["text"], "paused by ada")
            self.assertEqual([stuck.next()[0] - self.begun for _ in range(1000)], list(range(2, 1002)), "and it goes on when it reads again")

    def test_a_stream_ends_with_its_token(self):
        auditor = self.server.person("mallory", "auditor")
        with EventStream(self.server, f"/v1/events?after={self.last_entry()}", auditor) as events:
            self.server.person("mallory", "auditor")
            self.host("a", "canary")
            with self.assertRaises(EOFError):
                events.next()
