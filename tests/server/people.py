#!/usr/bin/env python3
"""The real server, asked as people ask, with hosts that are faked: each says what a test lets it say.

  tests/server/people.py --server PROGRAM --levels DIR     DIR has levels 1 and 2 of a kernel (tests/trust/make-levels)

The real agent is taken from where the server was built.
"""
import argparse
import datetime
import fcntl
import http.server
import json
import os
import pathlib
import pty
import re
import subprocess
import tempfile
import termios
import threading
import time
import unittest

import asked
import case
from asked import Host, Server
# Tests of theirs.
from checkpoints import Checkpoints, RealAgent
from event_streams import EventStreams
from pages import Pages
from policies import Catalogue, Hosts, Policies, TakingBack
from reboots import Reboots
from repeats import Repeats
from upgrades import Upgrades
from webhooks import Webhooks


def tampered(line):
    entry = json.loads(line)
    return json.dumps({**entry, "text": "nothing happened"})


class FakePrometheus(case.LocalServer):
    """Answers every query with one value, or has an outage: "down" (503), "empty", or "html", as a proxy in front of it."""

    def __init__(self):
        fake = self
        self.value, self.outage = "0", ""

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                series = [] if fake.outage == "empty" else [{"metric": {}, "value": [time.time(), fake.value]}]
                answer = json.dumps({"status": "success", "data": {"resultType": "vector", "result": series}}).encode()
                body = b"<html>" if fake.outage == "html" else answer
                self.send_response(503 if fake.outage == "down" else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        super().__init__(Handler)
        self.url = f"http://127.0.0.1:{self.port}"


class People(case.Case):
    def test_nothing_begins_before_somebody_else_approved_the_plan(self):
        host = self.host("a", "canary")
        rollout = self.created(1, ("canary", {}))
        time.sleep(1.2)  # in which the engine looks twice
        self.assertIsNone(self.assignment(host))
        self.assertIn("1 of 1 approvals are missing", self.show(rollout)["waits"])
        done = self.approve(rollout)
        self.assertEqual(done.returncode, 0, done.stderr)
        told = self.assignment(host, wait=20)
        self.assertEqual((told["action"], told["target"]["level"], told["plan"]), ("apply", 1, rollout["digest"]))

    def test_who_created_a_rollout_does_not_approve_it(self):
        self.host("a", "canary")
        author = self.server.person("mallory", "author")
        rollout = self.created(1, ("canary", {}), token=author)
        self.server.person("mallory", "approver", "--key", self.keys / "mallory.pub")
        token = self.server.person("mallory", "approver", "--key", self.keys / "mallory.pub")
        self.assertIn("somebody else", self.approve(rollout, "mallory", "mallory", token).stderr)

    def test_an_approval_by_another_key_or_of_another_plan_counts_for_nothing(self):
        self.host("a", "canary")
        rollout = self.created(1, ("canary", {}))
        self.assertIn("is not signed by", self.approve(rollout, key="mallory").stderr)
        self.assertIn("is not this rollout's plan", self.approve(rollout, digest="0" * 64).stderr)
        self.assertEqual(self.show(rollout)["approved_by"], [])

    def test_each_role_may_do_what_the_contract_says_and_no_more(self):
        self.host("a", "canary")
        rollout = self.created(1, ("canary", {}))
        roles = {role: self.server.person(role, role) for role in ("author", "tester", "approver", "operator", "auditor", "admin")}
        for path, operations in asked.API["paths"].items():
            for method, operation in operations.items():
                if method == "parameters" or "people" not in operation.get("tags", ()) or operation["security"] == []:
                    continue
                allowed = re.search(r"Roles: ([\w, ]+)", operation["description"])[1]
                target = path.replace("{id}", rollout["id"])
                self.refused(self.server.ask(method.upper(), target), 401, "token")
                for role, token in roles.items():
                    answer = self.server.ask(method.upper(), target, b"[" if method == "post" else None, token=token)
                    may = allowed.startswith("all") or role in allowed
                    self.assertEqual(answer[0] != 403 or answer[1]["type"] != "about:suture:role", may, (role, path, answer))

    def login(self, name, password):
        return self.server.ask("POST", "/v1/login", {"name": name, "password": password})

    def with_password(self, name, role, password="correct horse"):
        file = self.directory / f"{name}.password"
        file.write_text(password + "\n")
        return self.server.person(name, role, "--password-file", file)

    def login_command(self, name):
        return ("login", f"https://127.0.0.1:{self.server.port}", "--ca-file", self.server.directory / "ca.pem", "--name", name)

    def test_a_password_is_good_for_a_token_of_twelve_hours_with_which_one_may_do_what_the_role_may(self):
        self.host("a", "canary")
        self.with_password("joan", "operator")
        status, answer = self.login("joan", "correct horse")
        self.assertEqual(status, 200, answer)
        end = datetime.datetime.fromisoformat(answer["expires"].replace("Z", "+00:00")).timestamp()
        self.assertLess(abs(end - time.time() - 12 * 3600), 60)
        rollout = self.created(1, ("canary", {}), token=answer["token"])
        self.assertEqual(self.show(rollout)["author"], "joan")
        self.assertIn(("joan", "logged in"), [(each["who"], each["text"]) for each in self.audit()])

    def test_suture_login_asks_for_the_password_and_does_not_show_it(self):
        self.with_password("joan", "operator")
        terminal, side = pty.openpty()
        process = subprocess.Popen([case.SUTURE, *self.login_command("joan")], stdin=side, stdout=side, stderr=side, start_new_session=True,
                                   env=os.environ | {"XDG_CONFIG_HOME": str(self.directory / "home")},
                                   preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(side)
        shown = b""
        while b"Password of joan" not in shown:
            shown += os.read(terminal, 1000)
        os.write(terminal, b"correct horse\n")
        while b"logged in to" not in shown:
            shown += os.read(terminal, 1000)
        self.assertEqual(process.wait(), 0)
        os.close(terminal)
        self.assertNotIn(b"correct horse", shown)
        self.assertEqual(self.command("hosts", "list").returncode, 0)

    def test_suture_login_takes_a_password_from_a_file_or_from_standard_input_and_keeps_no_password(self):
        self.with_password("joan", "operator")
        by_file = self.command(*self.login_command("joan"), "--password-file", self.directory / "joan.password")
        self.assertEqual(by_file.returncode, 0, by_file.stderr)
        by_input = self.command(*self.login_command("joan"), "--password-file", "-", input="correct horse\n")
        self.assertEqual(by_input.returncode, 0, by_input.stderr)
        kept = (self.directory / "home/suture/session.json").read_text()
        self.assertNotIn("correct horse", kept)
        wrong = self.command(*self.login_command("joan"), "--password-file", "-", input="correct cow\n")
        self.assertEqual((wrong.returncode, "not known together" in wrong.stderr), (1, True), wrong.stderr)
        self.assertEqual((self.directory / "home/suture/session.json").read_text(), kept, "the session that was is still there")

    def test_a_wrong_password_and_an_unknown_name_are_answered_alike_in_about_the_same_time(self):
        self.with_password("joan", "operator")
        took, answers = {}, []
        for _ in range(4):
            for name in ("joan", "nobody", "ada"):  # ada has no password
                began = time.monotonic()
                answers.append(self.login(name, "correct cow"))
                took[name] = min(took.get(name, 60), time.monotonic() - began)
        self.assertEqual(answers, answers[:1] * len(answers))
        self.refused(answers[0], 401, "login")
        self.assertGreater(min(took.values()), max(took.values()) / 3, took)

    def test_a_name_is_locked_after_five_wrong_passwords_known_or_not_and_after_a_restart_too(self):
        self.with_password("joan", "operator")
        token = self.login("joan", "correct horse")[1]["token"]
        for name in ("joan", "nobody"):
            for _ in range(5):
                self.refused(self.login(name, "correct cow"), 401, "login")
            self.refused(self.login(name, "correct horse"), 429, "locked")
        self.server.stop()
        self.server.start()
        for name in ("joan", "nobody"):
            self.refused(self.login(name, "correct horse"), 429, "locked")
        locked = [each["text"] for each in self.audit() if "is locked" in each["text"]]
        self.assertEqual(locked, [f"logging in as {name} is locked for 60 s: 5 wrong passwords in a row" for name in ("joan", "nobody")])
        self.assertEqual(self.server.ask("GET", "/v1/hosts", token=token)[0], 200, "what was given before the lock is still good")
        self.with_password("joan", "operator")
        self.assertEqual(self.login("joan", "correct horse")[0], 200, "an administrator ends a lock")

    def test_an_address_that_shows_no_credential_has_to_wait_and_who_shows_one_there_does_not(self):
        host, stranger = self.host("a", "canary"), Host(self.directory, "b")
        for guess in (lambda: self.server.ask("GET", "/v1/hosts", token="guessed"), lambda: self.server.ask("GET", "/v1/hosts"),
                      lambda: self.login("ada", "correct horse"), lambda: stranger.enroll(self.server, "guessed")):
            self.refused(self.until(lambda: (answer := guess())[0] == 429 and answer), 429, "too-many")
        self.assertEqual(self.server.ask("GET", "/v1/hosts", token=self.operator)[0], 200)
        self.report(host)

    def test_a_token_with_a_scope_does_no_more_than_that(self):
        self.host("a", "canary")
        rollout = self.created(1, ("canary", {}))
        scoped = lambda scope: self.server.admin("person", "token", "ada", "--scope", scope, "--expires", "2099-12-31T00:00:00Z")
        looks = scoped("see")
        self.assertEqual(self.server.ask("GET", "/v1/rollouts", token=looks)[0], 200)
        self.refused(self.create(1, ("canary", {}), token=looks), 403, "scope")
        self.refused(self.server.ask("POST", f"/v1/rollouts/{rollout['id']}/pause", {}, token=looks), 403, "scope")
        proposes = scoped("propose")
        for target in ("/v1/hosts", "/v1/rollouts", f"/v1/rollouts/{rollout['id']}", "/v1/audit", "/v1/metrics"):
            self.refused(self.server.ask("GET", target, token=proposes), 403, "scope")
        with self.assertRaises(subprocess.CalledProcessError, msg="the role of ada does not have that"):
            scoped("see,approve")
        self.operator = self.server.person("ada", "operator")
        self.refused(self.server.ask("GET", "/v1/hosts", token=looks), 401, "token")

    def test_hosts_are_told_ring_by_ring_and_taken_back_after_a_breach(self):
        canary, wave = self.host("canary-1", "canary"), self.host("wave-1", "wave")
        rollout = self.created(1, ("canary", {}), ("wave", {}), approvals=0)
        told = self.assignment(canary, wait=20)
        self.assertIsNone(self.assignment(wave))
        self.assertIsNone(self.assignment(wave))
        told = self.while_well(canary, 1, told, lambda: self.assignment(wave))
        self.assertEqual(told["action"], "apply")
        self.report(wave, verdict="worse", answers=(told["sequence"], "failed"))
        back = self.assignment(canary, wait=20)
        self.assertEqual((back["action"], back["target"]), ("revert", {}))
        self.report(canary, verdict="well", answers=(back["sequence"], "done"))
        self.until(lambda: self.show(rollout)["phase"] == "taken back")
        self.assertEqual(self.events(rollout)[1][-1]["text"], "every host that can be is back")

    def test_a_host_goes_back_to_the_level_that_it_ran(self):
        host = self.host("a", "canary", level=1)
        self.created(2, ("canary", {}), approvals=0)
        told = self.assignment(host, wait=20)
        self.report(host, level=2, verdict="worse", answers=(told["sequence"], "done"))
        back = self.assignment(host, wait=20)
        self.assertEqual((back["action"], back["target"]["level"]), ("go-back", 1))

    def test_a_decision_reaches_a_host_that_waits_for_it_in_less_than_a_second(self):
        host = self.host("a", "canary")
        rollout = self.created(1, ("canary", {}), approvals=0)
        told = self.assignment(host, wait=20)
        self.report(host, level=1, verdict="well", answers=(told["sequence"], "done"))
        came = []
        waiting = threading.Thread(target=lambda: came.append((self.assignment(host, wait=60), time.monotonic())))
        waiting.start()
        aborted = time.monotonic()
        self.assertEqual(self.act(rollout, "abort", reason="a drill")[0], 200)
        waiting.join()
        self.assertEqual(came[0][0]["action"], "revert")
        print(f"{1000 * (came[0][1] - aborted):.0f} ms from the decision to the host")

    def test_a_pause_takes_back_what_no_host_has_begun(self):
        host = self.host("a", "canary")
        rollout = self.created(1, ("canary", {}), approvals=0)
        self.assertEqual(self.assignment(host, wait=20)["action"], "apply")
        self.assertEqual(self.act(rollout, "pause")[1]["phase"], "paused")
        self.assertEqual(self.assignment(host, wait=20)["action"], "none")
        self.assertEqual(self.act(rollout, "resume")[1]["phase"], "running")
        self.assertEqual(self.assignment(host, wait=20)["action"], "apply")

    def test_every_act_of_the_contract_can_be_done_to_a_rollout(self):
        host = self.host("a", "canary")
        rollout = self.created(1, ("canary", {"gate": {"soak": 0, "by_hand": True, "failed_hosts": 1, "success_percent": 1, "loaded_percent": 0}}), approvals=0)
        told = self.assignment(host, wait=20)
        self.report(host, answers=(told["sequence"], "failed"))
        self.until(lambda: self.show(rollout)["rings"][0]["hosts"][0]["phase"] == "failed")
        self.assertEqual(self.act(rollout, "retry", host=host.id)[0], 200)
        told = self.assignment(host, wait=20)
        self.report(host, level=1, verdict="well", answers=(told["sequence"], "done"))
        self.assertEqual(self.act(rollout, "pass", ring="canary")[0], 200)
        self.while_well(host, 1, told, lambda: self.show(rollout)["phase"] == "finished")
        self.refused(self.act(rollout, "pause"), 409, "not-now")
        second = self.created(2, ("canary", {}), approvals=0)
        told = self.assignment(host, wait=20)
        self.report(host, level=2, verdict="well", answers=(told["sequence"], "done"))
        self.act(second, "abort")
        self.assertEqual(self.act(second, "leave", host=host.id, reason="it is rebuilt")[0], 200)
        self.until(lambda: self.show(second)["phase"] == "taken back")
        other = self.host("b", "wave")
        third = self.created(1, ("wave", {}), approvals=0)
        told = self.assignment(other, wait=20)
        self.report(other, level=1, verdict="well", answers=(told["sequence"], "done"))
        self.act(third, "abort")
        back = self.assignment(other, wait=20)
        self.report(other, level=1, answers=(back["sequence"], "failed"))
        self.until(lambda: self.show(third)["phase"] == "stopped")
        self.assertEqual(self.act(third, "go-on")[0], 200)
        self.until(lambda: self.show(third)["phase"] == "taken back")

    def test_a_killed_server_decides_nothing_twice_and_loses_nothing(self):
        hosts = [self.host(f"host-{number}", "canary") for number in range(3)]
        rollout = self.created(1, ("canary", {}), approvals=0)
        level = dict.fromkeys(hosts, 0)
        told = []
        while self.show(rollout)["phase"] == "running":
            for host in hosts:
                self.server.stop()
                self.server.start()
                if assigned := self.assignment(host):
                    told.append((host.name, assigned["sequence"]))
                    self.server.stop()
                    self.server.start()
                    level[host] = 1
                    self.report(host, level=1, verdict="well", answers=(assigned["sequence"], "done"))
                else:
                    self.report(host, level=level[host], **({"verdict": "well", "answers": (host.seen, "done")} if level[host] else {}))
            time.sleep(0.6)
        self.assertEqual(told, [("host-0", 1), ("host-1", 1), ("host-2", 1)])
        self.assertEqual(self.show(rollout)["phase"], "finished")
        texts = [each["text"] for each in self.events(rollout)[1]]
        self.assertEqual([texts.count(text) for text in ("told to go to level 1", "runs level 1", "begins", "finished")], [3, 3, 1, 1])

    def test_hosts_that_cannot_have_the_level_are_left_out_with_the_reason(self):
        self.host("old", "canary")
        self.host("has-it", "canary", level=1)
        silent = Host(self.directory, "silent")
        self.assertEqual(silent.enroll(self.server, self.server.token(ring="canary"))[0], 200)
        reasons = sorted(each["reason"] for each in self.created(1, ("canary", {}))["left_out"])
        self.assertEqual(reasons, ["it has not reported yet", "it runs level 1"])
        self.refused(self.create(7, ("canary", {})), 400, "empty-ring")
        self.refused(self.create(1, ("nowhere", {})), 400, "empty-ring")

    def test_the_audit_is_a_chain_in_which_nothing_can_be_changed(self):
        self.host("a", "canary")
        rollout = self.created(1, ("canary", {}))
        self.act(rollout, "pause", reason="a drill")
        self.act(rollout, "resume")
        exported = self.directory / "audit.jsonl"
        lines = self.server.admin("audit", "export").splitlines()
        verify = lambda *options: subprocess.run([case.SUTURE, "audit", "verify", exported, *options], capture_output=True, text=True)
        exported.write_text("\n".join(lines) + "\n")
        self.assertEqual(verify().returncode, 0, verify().stderr)
        checkpoint = json.loads(lines[1])["digest"]
        self.assertEqual(verify("--checkpoint", checkpoint).returncode, 0)
        for name, wrong in {"changed": [lines[0], tampered(lines[1]), *lines[2:]], "left out": [lines[0], *lines[2:]],
                            "swapped": [lines[1], lines[0], *lines[2:]]}.items():
            exported.write_text("\n".join(wrong) + "\n")
            self.assertEqual(verify().returncode, 1, name)
        exported.write_text(lines[0] + "\n")
        self.assertIn("that checkpoint", verify("--checkpoint", checkpoint).stderr, "cut off before a checkpoint")

    def test_input_that_nobody_means_is_refused(self):
        self.host("a", "canary")
        for body in (b"", b"[", b"{}", b'{"name":"a","level":0,"rings":[]}', b'{"name":"\\u001b[2J","level":1,"rings":[]}'):
            self.refused(self.server.ask("POST", "/v1/rollouts", body, token=self.operator), 400, "bad-input")
        self.refused(self.server.ask("GET", "/v1/audit?after=x", token=self.operator), 400, "bad-input")
        self.refused(self.server.ask("GET", "/v1/rollouts/00000000-0000-4000-8000-000000000000", token=self.operator), 404, "not-found")

    def test_a_revoked_host_is_not_heard_and_is_told_nothing(self):
        host = self.host("a", "canary")
        self.created(1, ("canary", {}), approvals=0)
        self.assertEqual(self.server.ask("POST", f"/v1/hosts/{host.id}/revoke", {"reason": "stolen"}, token=self.operator)[0], 204)
        self.refused(self.server.ask("GET", "/v1/agent/assignment?after=0", host=host), 403, "held")
        self.refused(self.server.ask("PUT", "/v1/agent/report", host.next_report(), host), 403, "held")
        self.refused(self.server.ask("POST", "/v1/agent/renew", {"csr": host.csr}, host), 403, "held")
        self.assertEqual(self.server.hosts()[0]["held"], "revoked by ada: stolen")

    def test_a_recalled_level_is_told_to_nobody_in_any_rollout(self):
        hosts = [self.host(name, "canary") for name in ("a", "b")]
        rollout = self.created(1, ("canary", {}), approvals=0)
        told = self.assignment(hosts[0], wait=20)
        recall = lambda **body: self.server.ask("POST", "/v1/recalls", body, token=self.operator)
        self.refused(recall(level=1), 400, "bad-input")
        self.assertEqual(recall(level=1, reason="it eats files")[0], 204)
        self.report(hosts[0], level=1, verdict="well", answers=(told["sequence"], "done"))
        self.assertIsNone(self.assignment(hosts[1], wait=2))
        self.assertIn("level 1 was recalled", self.show(rollout)["waits"])
        self.refused(self.create(1, ("canary", {})), 409, "recalled")

    def gated(self, *checks):
        host = self.host("a", "canary")
        rollout = self.created(1, ("canary", {"gate": {"soak": 0, "loaded_percent": 0, "checks": [each["name"] for each in checks]}}),
                               approvals=0, checks=list(checks))
        told = self.assignment(host, wait=20)
        return rollout, lambda condition: self.while_well(host, 1, told, condition)

    def test_a_query_that_is_beyond_its_bound_is_a_breach(self):
        with FakePrometheus() as prometheus:
            prometheus.value = "0.2"
            rollout, meanwhile = self.gated({"name": "errors", "url": prometheus.url, "query": "errors_per_second", "at_most": "0.1"})
            meanwhile(lambda: self.show(rollout)["phase"] == "frozen")
            self.assertIn("check 'errors' fails: 0.2 is above 0.1", self.show(rollout)["reason"])

    def test_a_metrics_outage_holds_and_takes_nothing_back(self):
        with FakePrometheus() as prometheus:
            rollout, meanwhile = self.gated({"name": "errors", "url": prometheus.url, "query": "errors_per_second", "at_most": "0.1"})
            for outage, waits in (("down", "could not be made"), ("empty", "has no data"), ("html", "could not be made")):
                prometheus.outage = outage
                meanwhile(lambda: any(waits in each for each in self.show(rollout)["waits"]))
            self.assertFalse([each for each in self.events(rollout)[1] if "back" in each["text"]])
            prometheus.outage = ""
            meanwhile(lambda: self.show(rollout)["phase"] == "finished")

    def test_a_health_address_that_answers_badly_is_a_breach_and_one_that_is_not_there_holds(self):
        with FakePrometheus() as shop:
            rollout, meanwhile = self.gated({"name": "shop", "url": shop.url + "/health"}, {"name": "gone", "url": "http://127.0.0.1:1"})
            meanwhile(lambda: any("check 'gone' could not be made" in each for each in self.show(rollout)["waits"]))
            shop.outage = "down"
            meanwhile(lambda: self.show(rollout)["phase"] == "frozen")
            self.assertIn("answers 503", self.show(rollout)["reason"])

    def compared(self, hosts=5, **comparison):
        """A ring beside a holdback of as many hosts. Its plan, and what goes on until a condition: reports of everybody,
        each with the latency that a function gives for treated hosts and for the others."""
        treated = [self.host(f"treated-{number}", "wave") for number in range(hosts)]
        others = [self.host(f"other-{number}", "holdback") for number in range(hosts)]
        def report(latency):
            for group in (treated, others):
                for number, host in enumerate(group):
                    told = {"level": 1, "verdict": "well", "answers": (host.seen, "done")} if host.seen else {}
                    value = latency(group is treated)
                    self.report(host, **told, readings={} if value is None else {"disk_latency_ms": value + number / 100})
        for _ in range(3):
            report(lambda _: 2)
        rollout = self.created(1, ("wave", {"at_once": hosts, "gate": {"soak": 0, "loaded_percent": 0, "checks": ["comparison"]}}),
                               approvals=0, holdback={"ring": "holdback"},
                               comparison={"readings": [{"name": "disk_latency_ms", "tolerated": "0.5"}], **comparison})
        for host in treated:
            self.assertEqual(self.assignment(host, wait=20)["action"], "apply")
        def meanwhile(latency, condition):
            def reported():
                report(latency)
                return condition()
            return self.until(reported)
        return rollout, meanwhile

    def said_of_the_comparison(self, rollout):
        return [each["text"] for each in self.events(rollout)[1] if each["text"].startswith("comparison: ")]

    def test_treated_hosts_that_get_worse_than_the_untreated_ones_are_a_breach(self):
        rollout, meanwhile = self.compared()
        meanwhile(lambda treated: 8 if treated else 2, lambda: self.show(rollout)["phase"] == "frozen")
        self.assertIn("check 'comparison' fails: disk_latency_ms: worse: 5 treated and 5 untreated hosts: shift 6, tolerated 0.5, "
                      "by chance once in 252", self.show(rollout)["reason"])

    def test_a_day_on_which_everybody_gets_worse_stops_nothing(self):
        rollout, meanwhile = self.compared()
        meanwhile(lambda _: 8, lambda: self.show(rollout)["phase"] == "finished")
        self.assertIn("disk_latency_ms: no difference", self.show(rollout)["rings"][0]["comparison"])
        self.assertEqual(len(self.said_of_the_comparison(rollout)), 1)

    def test_hosts_that_report_no_readings_hold_the_ring(self):
        rollout, meanwhile = self.compared()
        meanwhile(lambda _: None, lambda: any("check 'comparison' has no data: disk_latency_ms: 0 treated and 0 untreated" in each
                                              for each in self.show(rollout)["waits"]))
        meanwhile(lambda _: 2, lambda: self.show(rollout)["phase"] == "finished")

    def test_too_few_hosts_to_compare_hold_and_pass_only_if_the_plan_says_so(self):
        few = "not applicable, fewer than 5 hosts: 1 treated and 1 untreated"
        rollout, meanwhile = self.compared(hosts=1)
        meanwhile(lambda _: 2, lambda: f"ring wave: check 'comparison' is {few}; the plan does not let that pass" in self.show(rollout)["waits"]
                  and len(self.show(rollout)["waits"]) == 1)
        self.assertEqual(self.show(rollout)["rings"][0]["comparison"], few)
        self.act(rollout, "abort")
        self.assertEqual(self.said_of_the_comparison(rollout), [f"comparison: {few}"])

    def test_a_plan_can_let_too_few_hosts_to_compare_pass(self):
        rollout, meanwhile = self.compared(hosts=1, not_applicable_passes=True)
        meanwhile(lambda _: 2, lambda: self.show(rollout)["phase"] == "finished")
        self.assertEqual(len(self.said_of_the_comparison(rollout)), 1)

    def test_a_comparison_that_could_say_nothing_is_refused(self):
        self.host("a", "canary")
        readings = [{"name": "disk_latency_ms", "tolerated": "0.5"}]
        beside = {"holdback": {"ring": "holdback"}}
        for more in ({"comparison": {"readings": readings}}, beside | {"comparison": {"readings": []}},
                     beside | {"comparison": {"readings": readings, "fewest": 4}},
                     beside | {"comparison": {"readings": readings, "false_alarm": "0"}},
                     beside | {"comparison": {"readings": [{"name": "disk_latency_ms", "tolerated": 0.5}]}},
                     beside | {"comparison": {"readings": readings}, "checks": [{"name": "comparison", "url": "http://127.0.0.1:1"}]}):
            self.refused(self.create(1, ("canary", {}), **more), 400, "bad-input")
        self.refused(self.create(1, ("canary", {"gate": {"checks": ["comparison"]}}), **beside), 400, "bad-input")

    def test_a_gate_cannot_ask_for_a_check_that_is_not_there(self):
        self.host("a", "canary")
        self.refused(self.create(1, ("canary", {"gate": {"checks": ["errors"]}})), 400, "bad-input")

    def test_prometheus_can_read_how_the_fleet_is(self):
        self.host("a", "canary", level=1)
        status, text = self.server.ask("GET", "/v1/metrics", token=self.operator)
        self.assertEqual(status, 200)
        for line in ("suture_server_hosts 1", 'suture_server_hosts_at_level{level="1"} 1', "suture_server_hosts_silent 0"):
            self.assertIn(line + "\n", text)

    def test_a_fresh_host_is_told_the_lowest_versions_that_it_may_believe(self):
        host = Host(self.directory, "a")
        _, answer = host.enroll(self.server, self.server.token())
        names = {name: json.loads((self.keys / "served/metadata" / file).read_text())["signed"]["version"]
                 for name, file in (("root", "1.root.json"), ("timestamp", "timestamp.json"))}
        self.assertEqual({name: answer["minimum_versions"][name] for name in names}, names)
        self.assertGreater(answer["minimum_versions"]["snapshot"], 0)

    def test_a_host_that_comes_late_enters_a_ring_that_has_passed_and_no_other(self):
        early = self.host("early", "canary")
        self.host("wave", "wave")
        rollout = self.created(1, ("canary", {}), ("wave", {"gate": {"soak": 3600}}), approvals=0)
        told = self.assignment(early, wait=20)
        late = self.host("late", "none")
        self.refused(self.act(rollout, "join", host=late.id, ring="canary"), 409, "not-now")
        self.while_well(early, 1, told, lambda: self.show(rollout)["rings"][0]["passed"])
        self.refused(self.act(rollout, "join", host=late.id, ring="wave"), 409, "not-now")
        self.assertEqual(self.act(rollout, "join", host=late.id, ring="canary")[0], 200)
        told = self.assignment(late, wait=20)
        self.assertEqual((told["action"], told["plan"]), ("apply", rollout["digest"]))
        self.refused(self.act(rollout, "join", host=early.id, ring="canary"), 409, "left-out")

    def test_people_see_hosts_rollouts_and_the_audit(self):
        host = self.host("a", "canary")
        rollout = self.created(1, ("canary", {}), holdback={"ring": "none"})
        for target in ("/v1/hosts", "/v1/rollouts", "/v1/audit", f"/v1/rollouts/{rollout['id']}/events"):
            self.assertEqual(self.server.ask("GET", target, token=self.operator)[0], 200)
        self.assertEqual(self.events(rollout, after=10_000)[0], 204)
        self.assertEqual(self.server.ask("GET", "/v1/hosts", token=self.operator)[1][0]["labels"], {"ring": "canary"})
        self.assertIsNone(self.assignment(host))


class ZContract(unittest.TestCase):
    """Loaded last: names of classes are in the order of the alphabet."""

    def test_every_operation_of_people_was_driven(self):
        of_people = {operation["operationId"] for operations in asked.API["paths"].values() for method, operation in operations.items()
                     if method != "parameters" and "people" in operation.get("tags", ())}
        self.assertEqual(of_people - asked.DRIVEN, {"approveRollout"}, "which the suture command drives here")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for option in ("--server", "--suture", "--levels"):
        parser.add_argument(option, required=True)
    arguments, rest = parser.parse_known_args()
    asked.SERVER, case.SUTURE = os.path.abspath(arguments.server), os.path.abspath(arguments.suture)
    built = pathlib.Path(asked.SERVER).parents[1]
    case.AGENT, case.LINK = built / "agent_cli/suture-agent", built / "link/suture-link"
    case.LEVELS = os.path.abspath(arguments.levels)
    report = json.loads((pathlib.Path(case.LEVELS) / "level_1.report.json").read_text())
    case.KERNEL = {"release": report["kernel"], "build_id": report["kernel_build_id"]}
    unittest.main(argv=["people", *rest])
