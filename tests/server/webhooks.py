"""Addresses that are told what the audit says."""
import http.server
import json
import queue
import re
import subprocess

import asked
import case


class Receiver(case.LocalServer):
    """Takes deliveries, or does not: answers with `status`."""

    def __init__(self, port=0):
        receiver = self
        self.status, self.deliveries = 204, queue.Queue()

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.deliveries.put((receiver.status, self.path, self.headers, body))
                self.send_response(receiver.status)
                self.end_headers()

        super().__init__(Handler, port)
        self.url = f"http://127.0.0.1:{self.port}/suture?tenant=7"

    def next(self):
        return self.deliveries.get(timeout=60)

    def texts_until(self, text):
        """Of all entries that were taken, up to one with this text."""
        texts = []
        while text not in texts:
            status, _, _, body = self.next()
            if status == 204:
                texts += [each["text"] for each in json.loads(body)["entries"]]
        return texts


def documented():
    """The check of a signature that docs/fleet.md tells a receiver to make."""
    code = re.search("```python\n(.*?)```", (asked.ROOT / "docs/fleet.md").read_text(), re.S)[1]
    exec(code, names := {})
    return names["is_of_suture"]


class Webhooks(case.Case):
    def webhook(self, url, *options):
        added = json.loads(self.server.admin("webhook", "add", url, "--json", *options))
        return added["id"], added["secret"]

    def listed(self):
        return json.loads(self.server.admin("webhook", "list", "--json"))

    def test_a_webhook_is_told_what_happens_signed_and_in_order(self):
        with Receiver() as receiver:
            self.host("before", "none")
            before = self.last_entry()
            hook, secret = self.webhook(receiver.url)
            self.host("a", "canary")
            rollout = self.created(1, ("canary", {}))
            self.act(rollout, "pause", reason="a drill")
            sequences, text, is_of_suture = [], None, documented()
            while text != "paused by ada: a drill":
                _, path, fields, body = receiver.next()
                self.assertEqual((path, fields["Content-Type"]), ("/suture?tenant=7", "application/json"))
                self.assertTrue(is_of_suture(secret, fields["Suture-Signature"], body))
                self.assertFalse(is_of_suture(secret, fields["Suture-Signature"], body + b" "))
                document = json.loads(body)
                asked.VALIDATORS["Delivery"].validate(document)
                self.assertEqual(document["webhook"], hook)
                for entry in document["entries"]:
                    sequences.append(entry["sequence"] - before)
                    text = entry["text"]
            self.assertEqual(sequences, [1, 2, 3, 4], "from the entry that says it was added")
            self.until(lambda: self.listed()[0]["behind"] == 0)

    def test_a_receiver_that_fails_is_told_again_and_nothing_is_left_out(self):
        with Receiver() as receiver:
            receiver.status = 500
            hook, secret = self.webhook(receiver.url)
            self.host("a", "none")
            self.assertEqual(receiver.next()[0], 500)
            self.until(lambda: self.listed()[0]["failures"] > 0)
            self.assertEqual(self.listed()[0]["failure"], "answers 500")
            metrics = self.server.ask("GET", "/v1/metrics", token=self.operator)[1]
            self.assertRegex(metrics, f'suture_server_webhook_failures{{webhook="{hook}"}} [1-9]')
            self.assertIn(f'suture_server_webhook_behind{{webhook="{hook}"}} 2\n', metrics)
            receiver.status = 204
            self.assertEqual(receiver.texts_until("enrolled: a")[-1], "enrolled: a")
            self.until(lambda: (self.listed()[0]["behind"], self.listed()[0]["failures"]) == (0, 0))

    def test_a_server_that_was_killed_goes_on_with_what_was_not_taken(self):
        with Receiver() as receiver:
            self.webhook(receiver.url)
            self.host("a", "none")
            receiver.texts_until("enrolled: a")
            port = receiver.port
        self.host("b", "none")
        self.until(lambda: self.listed()[0]["failures"] > 0)
        self.assertNotIn("tenant", self.listed()[0]["failure"])
        self.server.stop()
        self.server.start()
        with Receiver(port) as receiver:
            self.host("c", "none")
            self.assertEqual(receiver.texts_until("enrolled: c"), ["enrolled: b", "enrolled: c"])

    def test_a_receiver_that_never_answers_keeps_no_other_waiting(self):
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), None) as deaf, Receiver() as receiver:
            self.webhook(f"http://127.0.0.1:{deaf.server_address[1]}/")
            self.webhook(receiver.url)
            self.host("a", "none")
            receiver.texts_until("enrolled: a")

    def test_a_webhook_is_told_only_what_it_asked_for(self):
        with Receiver() as receiver:
            self.webhook(receiver.url, "--events", "paused,resumed")
            self.host("a", "canary")
            rollout = self.created(1, ("canary", {}))
            self.act(rollout, "pause")
            self.assertEqual(receiver.texts_until("paused by ada"), ["paused by ada"])
            self.until(lambda: self.listed()[0]["behind"] == 0)

    def test_a_removed_webhook_is_told_nothing_more(self):
        with Receiver() as receiver:
            hook, _ = self.webhook(receiver.url)
            receiver.next()
            self.server.admin("webhook", "remove", hook)
            self.assertEqual(self.listed(), [])
            gone = subprocess.run([asked.SERVER, "webhook", "remove", hook, "--config", self.server.config], capture_output=True, text=True)
            self.assertEqual((gone.returncode, gone.stderr), (1, f"suture-server: error: there is no webhook {hook}\n"))

    def test_only_web_addresses_without_passwords_become_webhooks(self):
        for url in ("file:///etc/shadow", "ftp://a/", "https://ada:secret@siem.example.org/"):
            done = subprocess.run([asked.SERVER, "webhook", "add", url, "--config", self.server.config], capture_output=True, text=True)
            self.assertEqual(done.returncode, 1, url)
            self.assertNotIn("secret", done.stderr)

    def test_a_secret_is_shown_once(self):
        _, secret = self.webhook("http://127.0.0.1:1/")
        self.until(lambda: self.listed()[0]["failures"] > 0)
        self.assertTrue(re.fullmatch("[0-9a-f]{64}", secret))
        self.assertNotIn(secret, json.dumps(self.listed()) + self.server.admin("audit", "export"))
