"""Checkpoints of the audit, which hosts keep where the server cannot change them; as people.py runs them."""
import json
import os
import pathlib
import subprocess

import case
from forger import rewrite_audit


class Checkpoints(case.Case):
    def exported(self):
        file = self.directory / "audit.jsonl"
        file.write_text(self.server.admin("audit", "export") + "\n")
        return file

    def verify(self, *options):
        return subprocess.run([case.SUTURE, "audit", "verify", self.exported(), *options], capture_output=True, text=True)

    def kept(self, *checkpoints):
        file = self.directory / "kept.jsonl"
        file.write_text("".join(json.dumps(each) + "\n" for each in checkpoints))
        return file

    def test_what_a_host_was_shown_is_the_audits_last_entry(self):
        host = self.host("a", "canary")
        self.report(host)
        shown = host.shown
        last = self.audit()[-1]
        self.assertEqual((shown["signed"]["sequence"], shown["signed"]["digest"]), (last["sequence"], last["digest"]))
        done = self.verify("--checkpoint", self.kept(shown))
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_an_audit_that_was_rewritten_well_is_found_by_what_a_host_was_shown(self):
        host = self.host("a", "canary")
        self.created(1, ("canary", {}))
        self.report(host)
        shown = host.shown
        self.server.person("joan", "auditor")  # it grows since
        self.server.stop()
        rewrite_audit(self.server.directory, "created", "dreamt of")
        self.server.start()
        self.assertEqual(self.verify().returncode, 0, "its digests fit")
        done = self.verify("--checkpoint", self.kept(shown))
        self.assertEqual(done.returncode, 1)
        self.assertIn("it or one before it was changed", done.stderr)

    def test_an_audit_that_was_cut_off_is_found_by_what_a_host_was_shown(self):
        host = self.host("a", "canary")
        self.report(host)
        shown = host.shown
        self.server.stop()
        rewrite_audit(self.server.directory, "", "", most=1)
        self.server.start()
        self.assertIn("it was cut off", self.verify("--checkpoint", self.kept(shown)).stderr)

    def test_people_and_programs_may_keep_checkpoints_too(self):
        token = self.server.person("siem", "auditor")
        status, shown = self.server.ask("GET", "/v1/audit/checkpoint", token=token)
        self.assertEqual((status, shown["signed"]["digest"]), (200, self.audit()[-1]["digest"]))
        said = self.suture("audit", "checkpoint").stdout
        self.assertEqual(json.loads(said)["signed"]["sequence"], self.audit()[-1]["sequence"])


class RealAgent(case.Case):
    def setUp(self):
        super().setUp()
        self.config = self.directory / "agent.yaml"
        served = self.keys / "served"
        self.config.write_text(f"state: {self.directory}/state\nrun: {self.directory}/run\nfleet: {{report: 200ms}}\n"
                               f"repository: {{source: {served}, root: {served}/metadata/1.root.json, user: ''}}\n")
        self.environment_of_agent = os.environ | {"PATH": f"{pathlib.Path(case.LINK).parent}:{os.environ['PATH']}"}
        enrolled = self.agent("enroll", f"https://127.0.0.1:{self.server.port}", "--ca-file", self.server.directory / "ca.pem",
                              "--token", self.server.token())
        self.assertEqual(enrolled.returncode, 0, enrolled.stderr)
        # Where hosts look for it, also after it was started again.
        config = json.loads(self.server.config.read_text())
        self.server.config.write_text(json.dumps({**config, "port": self.server.port}))
        self.daemon = subprocess.Popen([case.AGENT, "run", "--config", self.config], env=self.environment_of_agent,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(self.end)

    def end(self):
        self.daemon.terminate()
        self.daemon.wait()

    def agent(self, *arguments):
        return subprocess.run([case.AGENT, *arguments, "--config", self.config], capture_output=True, text=True,
                              env=self.environment_of_agent)

    def kept_by_agent(self):
        file = self.directory / "kept.jsonl"
        file.write_text(self.agent("log", "--checkpoints").stdout)
        return file if file.stat().st_size else None

    def finding(self):
        return json.loads(self.agent("status", "--json").stdout)["server_audit"]

    def test_a_host_tells_that_its_servers_audit_was_rewritten(self):
        kept = self.until(self.kept_by_agent)
        self.assertEqual(self.finding(), "")
        self.server.stop()
        rewrite_audit(self.server.directory, "enrolled", "dreamt of")
        self.server.start()
        self.assertIn("the server's audit was set back or changed: its entry", self.until(self.finding))
        self.assertIn("server-audit", self.agent("doctor").stdout)
        exported = self.directory / "audit.jsonl"
        exported.write_text(self.server.admin("audit", "export") + "\n")
        verified = subprocess.run([case.SUTURE, "audit", "verify", exported, "--checkpoint", kept], capture_output=True, text=True)
        self.assertIn("it or one before it was changed", verified.stderr)
