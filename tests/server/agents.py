#!/usr/bin/env python3
"""The real server, asked as agents ask."""
import argparse
import os
import pathlib
import signal
import ssl
import subprocess
import tempfile
import unittest

import asked
from asked import Host, Server


class Agents(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.directory = pathlib.Path(scratch.name)
        self.server = Server(self.directory)
        self.addCleanup(lambda: self.server.process.poll() is None and self.server.stop())

    def enrolled(self, name="a"):
        host = Host(self.directory, name)
        status, answer = host.enroll(self.server, self.server.token())
        self.assertEqual(status, 200, answer)
        return host

    def refused(self, answer, status, code):
        self.assertEqual((answer[0], answer[1]["type"]), (status, "about:suture:" + code), answer)

    def test_a_token_is_good_for_as_many_hosts_as_it_says(self):
        token = self.server.token(uses=2)
        answers = [Host(self.directory, name).enroll(self.server, token) for name in "abc"]
        self.assertEqual([status for status, _ in answers[:2]], [200, 200])
        self.assertNotEqual(answers[0][1]["host"], answers[1][1]["host"])
        self.refused(answers[2], 403, "token")

    def test_a_token_past_its_end_or_never_made_enrols_nobody(self):
        self.refused(Host(self.directory, "a").enroll(self.server, self.server.token(expires="2020-01-01T00:00:00Z")),
                     403, "token")
        self.refused(Host(self.directory, "b").enroll(self.server, "guessed"), 403, "token")

    def test_two_hosts_with_one_key_are_not_enrolled(self):
        host = self.enrolled()
        self.refused(host.enroll(self.server, self.server.token()), 409, "key-known")

    def test_a_request_that_is_wrong_spends_no_use_of_the_token(self):
        token, host = self.server.token(), Host(self.directory, "a")
        good, host.csr = host.csr, "no request"
        self.refused(host.enroll(self.server, token), 400, "bad-input")
        host.csr = good
        self.assertEqual(host.enroll(self.server, token)[0], 200)

    def test_reports_form_a_chain_and_a_repetition_is_no_fork(self):
        host = self.enrolled()
        for _ in range(3):
            body = host.next_report()
            for _ in range(2):
                self.assertEqual(self.server.ask("PUT", "/v1/agent/report", body, host)[0], 200)

    def test_a_clone_is_held(self):
        host = self.enrolled()
        self.assertEqual(self.server.ask("PUT", "/v1/agent/report", host.next_report(), host)[0], 200)
        clone = Host.__new__(Host)
        clone.__dict__ = dict(host.__dict__)
        self.assertEqual(self.server.ask("PUT", "/v1/agent/report", host.next_report(), host)[0], 200)
        self.refused(self.server.ask("PUT", "/v1/agent/report", clone.next_report(level=1), clone), 409, "forked")

    def test_what_was_enrolled_and_reported_outlives_a_killed_server(self):
        host = self.enrolled()
        self.assertEqual(self.server.ask("PUT", "/v1/agent/report", host.next_report(), host)[0], 200)
        self.server.stop()
        self.server.start()
        self.assertEqual(self.server.ask("PUT", "/v1/agent/report", host.next_report(), host)[0], 200)

    def test_nobody_reports_without_a_certificate_of_this_server(self):
        host = self.enrolled()
        self.refused(self.server.ask("PUT", "/v1/agent/report", host.next_report()), 403, "no-certificate")
        stranger = Host(self.directory, "stranger")
        subprocess.run(["openssl", "req", "-x509", "-key", stranger.key, "-subj", "/CN=" + host.name, "-out",
                        stranger.certificate], check=True, capture_output=True)
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            self.server.ask("PUT", "/v1/agent/report", stranger.next_report(), stranger)

    def test_a_certificate_is_renewed_for_the_key_that_was_enrolled_only(self):
        host = self.enrolled()
        status, answer = self.server.ask("POST", "/v1/agent/renew", {"csr": host.csr}, host)
        self.assertEqual(status, 200, answer)
        host.certificate.write_text(answer["certificate"])
        self.assertEqual(self.server.ask("PUT", "/v1/agent/report", host.next_report(), host)[0], 200)
        other = Host.request(self.directory / "other.key")
        self.refused(self.server.ask("POST", "/v1/agent/renew", {"csr": other}, host), 403, "key-changed")

    def test_a_name_that_would_write_on_the_operators_terminal_is_refused(self):
        self.refused(Host(self.directory, "\x1b[2J").enroll(self.server, self.server.token()), 400, "bad-input")

    def test_people_see_what_each_host_said_last_and_which_is_held(self):
        self.assertEqual(self.server.hosts(), [])
        host = self.enrolled("a")
        self.enrolled("b")
        for level in (1, 2):
            self.assertEqual(self.server.ask("PUT", "/v1/agent/report", host.next_report(level), host)[0], 200)
        reported, never = self.server.hosts()
        self.assertEqual([reported[each] for each in ("hostname", "reports", "level", "held")], ["a", 2, 2, ""])
        self.assertEqual((never["hostname"], never["reports"], never["last_report"]), ("b", 0, ""))
        self.server.ask("PUT", "/v1/agent/report", Host(self.directory, "copy").next_report(), host)
        self.assertIn("does not continue", self.server.hosts()[0]["held"])

    def test_input_that_nobody_means_is_refused(self):
        host = self.enrolled()
        for body in (b"", b"[", b"{}", b'{"protocol":1,"protocol":1}', b"\xff", b"[" * 100_000):
            self.refused(self.server.ask("PUT", "/v1/agent/report", body, host), 400, "bad-input")
        self.refused(self.server.ask("PUT", "/v1/agent/report", b" " * (2 << 20), host), 413, "too-large")

    def test_readings_are_names_and_finite_numbers(self):
        host = self.enrolled()
        report = lambda readings: self.server.ask("PUT", "/v1/agent/report", host.next_report(readings=readings), host)
        self.assertEqual(report({"disk_latency_ms": 2.125, "io_pressure": 0, "memory_used_growth": -1.5e3})[0], 200)
        begun = host.sequence, host.previous
        for wrong in ([1.5], {"Disk latency": 1}, {"io_pressure": "0.5"}, {"a" * 65: 1}, {f"reading_{number}": 1 for number in range(65)}):
            self.refused(report(wrong), 400, "bad-input")
            host.sequence, host.previous = begun
        body = host.next_report(readings={"io_pressure": 1})
        self.refused(self.server.ask("PUT", "/v1/agent/report", body.replace(b'"io_pressure": 1', b'"io_pressure": 1e999'), host), 400, "bad-input")
        self.refused(self.server.ask("PUT", "/v1/agent/report", body.replace(b'"sequence": 2', b'"sequence": 2.0'), host), 400, "bad-input")

    def test_an_agent_says_its_version_as_packages_have_them(self):
        host = self.enrolled()
        report = lambda agent: self.server.ask("PUT", "/v1/agent/report", host.next_report(agent=agent), host)
        self.assertEqual(report("1.0~rc1+b2")[0], 200)
        begun = host.sequence, host.previous
        for wrong in ("", "1" * 65, "\x1b[2J", '1"}', 3):
            self.refused(report(wrong), 400, "bad-input")
            host.sequence, host.previous = begun

    def test_tls_1_2_is_not_spoken(self):
        with self.assertRaises(ssl.SSLError):
            self.server.ask("POST", "/v1/enroll", {}, tls=ssl.TLSVersion.TLSv1_2)

    def test_sigterm_ends_it_well(self):
        self.assertEqual(self.server.stop(signal.SIGTERM), 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True)
    arguments, rest = parser.parse_known_args()
    asked.SERVER = os.path.abspath(arguments.server)
    unittest.main(argv=["agents", *rest])
