"""What tests of the real server share: a signed repository, people with keys, hosts that are faked."""
import http.server
import json
import os
import pathlib
import subprocess
import tempfile
import threading
import time
import unittest

import asked
from asked import Host, Server

SUTURE = LEVELS = KERNEL = AGENT = LINK = None


class LocalServer:
    """A web server of a test, on loopback, with a handler of http.server."""

    def __init__(self, handler, port=0):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.port = self.server.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Case(unittest.TestCase):
    LEVELS_PUBLISHED = "add 1; add 2"

    @classmethod
    def setUpClass(cls):
        cls.published = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.published.cleanup)
        script = f". $SOURCE/tests/trust/common.sh; begin; {cls.LEVELS_PUBLISHED}; agent_releases; sign_and_publish; keys grace mallory"
        cls.environment = os.environ | {"KERNEL": KERNEL["release"], "SUTURE": SUTURE, "SOURCE": str(asked.ROOT), "LEVELS": LEVELS}
        subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=cls.published.name, check=True, env=cls.environment,
                       stdout=subprocess.DEVNULL)

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.directory = pathlib.Path(scratch.name)
        self.keys = pathlib.Path(self.published.name)
        served = self.keys / "served"
        self.server = Server(self.directory, "--repository", served, "--root", served / "metadata/1.root.json")
        self.addCleanup(lambda: self.server.process.poll() is None and self.server.stop())
        self.operator = self.server.person("ada", "operator")
        self.approver = self.server.person("grace", "approver", "--key", self.keys / "grace.pub")

    def host(self, name, ring, **what):
        host = Host(self.directory, name)
        status, answer = host.enroll(self.server, self.server.token(ring=ring))
        self.assertEqual(status, 200, answer)
        host.id, host.seen = answer["host"], 0
        self.report(host, **what)
        return host

    def report(self, host, **what):
        body = host.next_report(inventory={"kernel": KERNEL["release"], "build_id": KERNEL["build_id"]}, **what)
        status, answer = self.server.ask("PUT", "/v1/agent/report", body, host)
        self.assertEqual(status, 200, answer)
        host.shown = answer  # how far the audit has come

    def assignment(self, host, wait=0):
        status, answer = self.server.ask("GET", f"/v1/agent/assignment?after={host.seen}&wait={wait}", host=host)
        if status == 204:
            return None
        self.assertEqual(status, 200, answer)
        host.seen = answer["signed"]["sequence"]
        return answer["signed"]

    def create(self, level, *rings, token=None, **more):
        """To a level; to what `more` says if that is None."""
        aim = {} if level is None else {"level": level}
        body = {"name": "a fix", **aim, "poll": 1, "transition": 1, "silence": 60, **more,
                "rings": [{"name": name, "where": {"ring": name}, "gate": {"soak": 0, "loaded_percent": 0}, **ring} for name, ring in rings]}
        return self.server.ask("POST", "/v1/rollouts", body, token=token or self.operator)

    def created(self, *arguments, **more):
        status, answer = self.create(*arguments, **more)
        self.assertEqual(status, 200, answer)
        return answer

    def command(self, *arguments, **options):
        return subprocess.run([SUTURE, *arguments], env=os.environ | {"XDG_CONFIG_HOME": str(self.directory / "home")},
                              capture_output=True, text=True, **options)

    def log_in(self, port=None, token=None):
        """As the operator, or with a token."""
        (self.directory / "home").mkdir(exist_ok=True)
        (self.directory / "home/token").write_text(token or self.operator)
        done = self.command("login", f"https://127.0.0.1:{port or self.server.port}", "--ca-file", self.server.directory / "ca.pem",
                            "--token-file", self.directory / "home/token")
        self.assertEqual(done.returncode, 0, done.stderr)

    def suture(self, *arguments, token=None):
        """The command, logged in."""
        self.log_in(token=token)
        return self.command(*arguments)

    def approve(self, rollout, who="grace", key="grace", token=None, digest=None):
        return self.suture("approve", rollout["id"][:8], "--digest", digest or rollout["digest"], "--as", who,
                           "--key", self.keys / f"{key}.key", token=token or self.approver)

    def act(self, rollout, verb, **body):
        return self.server.ask("POST", f"/v1/rollouts/{rollout['id']}/{verb}", body, token=self.operator)

    def show(self, rollout):
        status, answer = self.server.ask("GET", f"/v1/rollouts/{rollout['id']}", token=self.operator)
        self.assertEqual(status, 200, answer)
        return answer

    def audit(self):
        return [json.loads(line) for line in self.server.admin("audit", "export").splitlines()]

    def last_entry(self):
        """The sequence of the audit's last."""
        return len(self.audit())

    def events(self, rollout, after=0, wait=0):
        return self.server.ask("GET", f"/v1/rollouts/{rollout['id']}/events?after={after}&wait={wait}", token=self.operator)

    def until(self, condition):
        for _ in range(300):
            if value := condition():
                return value
            time.sleep(0.1)
        self.fail("never came true")

    def while_well(self, host, level, told, condition):
        """A host goes on saying that it is well: what it said before its soak was over proves nothing."""
        def reported():
            self.report(host, level=level, verdict="well", answers=(told["sequence"], "done"))
            return condition()
        return self.until(reported)

    def refused(self, answer, status, code):
        self.assertEqual((answer[0], answer[1]["type"]), (status, "about:suture:" + code), answer)
