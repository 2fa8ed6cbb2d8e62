"""Policies, the catalogue and hosts, as people.py runs them."""
import calendar
import datetime
import subprocess

import case

ALL = "policy: 1\nrules:\n- {name: all}\n"


class Policies(case.Case):
    def setUp(self):
        super().setUp()
        self.admin = self.server.person("root", "admin")

    def activate(self, text, expected=0, token=None):
        return self.server.ask("POST", "/v1/policies", {"text": text, "expected": expected}, token=token or self.admin)

    def holds(self, text, expected=0):
        status, answer = self.activate(text, expected)
        self.assertEqual(status, 200, answer)
        return answer

    def far_window(self):
        """One that is not open for days."""
        day = calendar.day_abbr[(datetime.datetime.now(datetime.timezone.utc).weekday() + 3) % 7].lower()
        return f"windows:\n  far: {{days: [{day}], from: '09:00', to: '10:00', zone: Europe/Berlin}}\n"

    def waits_for(self, rollout, words):
        return self.until(lambda: any(words in each for each in self.show(rollout)["waits"]))

    def test_what_no_rule_speaks_of_is_denied(self):
        self.host("a", "canary")
        self.holds("policy: 1\nrules:\n- {name: other, match: {kernel: ['5.10.*']}}\n")
        answer = self.create(1, ("canary", {}))
        self.refused(answer, 409, "policy")
        self.assertIn("no rule speaks of fix", answer[1]["title"])

    def test_a_rule_that_denies_wins_over_one_that_allows(self):
        self.host("a", "canary")
        self.holds("policy: 1\nrules:\n- {name: all}\n- {name: no canaries, match: {hosts: {ring: canary}}, deny: they sing}\n")
        answer = self.create(1, ("canary", {}))
        self.refused(answer, 409, "policy")
        self.assertIn("they sing", answer[1]["title"])

    def test_the_strictest_rule_is_what_a_rollout_is_held_to(self):
        self.host("a", "canary")
        self.holds("policy: 1\nrules:\n- {name: soft, require: {soak: 1m, approvals: 1}}\n"
                   "- {name: hard, match: {hosts: {ring: canary}}, require: {soak: 2h, approvals: 3, silent_percent: 0}}\n")
        made = self.created(1, ("canary", {"gate": {"soak": 0, "silent_percent": 20, "loaded_percent": 0}}), approvals=0)
        self.assertEqual(made["raised"], ["ring canary: soak: 7200 s instead of 0 s", "ring canary: silent_percent: 0 instead of 20",
                                          "approvals: 3 instead of 0"])
        self.assertEqual(self.show(made)["policy"], 1)

    def test_a_rollout_with_too_few_rings_or_no_holdback_is_denied(self):
        self.host("a", "canary")
        self.holds("policy: 1\nrules:\n- {name: all, require: {rings: 2, holdback: 1, evidence: true}}\n")
        title = self.create(1, ("canary", {}))[1]["title"]
        self.assertIn("2 rings are asked for, it has 1", title)
        self.assertIn("a holdback of 1 hosts is asked for, it has 0", title)

    def test_a_rule_that_names_its_approvers_waits_for_one_of_them(self):
        host = self.host("a", "canary")
        self.holds("policy: 1\nrules:\n- {name: all, require: {approvers: [linus]}}\n")
        rollout = self.created(1, ("canary", {}))
        self.assertEqual(self.approve(rollout).returncode, 0)
        self.waits_for(rollout, "1 of 1 approvals of linus are missing (rule 'all')")
        self.assertIsNone(self.assignment(host))

    def test_nothing_begins_outside_of_the_window_but_an_emergency(self):
        early, urgent = self.host("a", "canary"), self.host("b", "urgent")
        self.holds(self.far_window() + "policy: 1\nrules:\n- {name: all, windows: [far]}\nemergency: {approvals: 1}\n")
        rollout = self.created(1, ("canary", {}), approvals=0)
        self.waits_for(rollout, "outside of window 'far'")
        self.assertIsNone(self.assignment(early))
        emergency = self.created(1, ("urgent", {}), approvals=0, emergency="it is being exploited")
        self.waits_for(emergency, "1 of 1 approvals are missing")
        self.assertEqual(self.approve(emergency).returncode, 0)
        self.assertEqual(self.assignment(urgent, wait=20)["action"], "apply")
        self.assertIn("EMERGENCY: it is being exploited", self.events(emergency)[1][0]["text"])

    def test_without_a_path_for_emergencies_there_is_none(self):
        self.host("a", "canary")
        self.holds(ALL)
        self.assertIn("no path for emergencies", self.create(1, ("canary", {}), emergency="now!")[1]["title"])

    def test_a_freeze_holds_what_was_created_before_it_and_an_exception_lifts_it(self):
        host = self.host("a", "canary")
        self.holds(ALL)
        rollout = self.created(1, ("canary", {}), approvals=1)
        frozen = ALL + "freezes:\n- {name: year end, from: '2020-01-01T00:00', to: '2099-01-01T00:00', zone: Europe/Berlin}\n"
        self.holds(frozen, 1)
        self.assertEqual(self.approve(rollout).returncode, 0)
        self.waits_for(rollout, "policy 2: freeze 'year end' until 2098-12-31T23:00:00Z")
        self.assertIsNone(self.assignment(host))
        lifted = ("exceptions:\n- {name: e, owner: ada, reason: bought too late, until: '%s', lifts: [year end], "
                  "hosts: {ring: canary}}\n")
        self.holds(frozen + lifted % "2020-06-01T00:00:00Z", 2)
        self.waits_for(rollout, "policy 3: freeze")
        self.holds(frozen + lifted % "2099-06-01T00:00:00Z", 3)
        self.assertEqual(self.assignment(host, wait=20)["action"], "apply")

    def test_breaking_the_glass_needs_an_admin_and_a_reason_and_is_written_down(self):
        host = self.host("a", "canary")
        rollout = self.created(1, ("canary", {}), approvals=2)
        self.refused(self.act(rollout, "break-glass", reason="now"), 403, "role")
        break_glass = lambda **body: self.server.ask("POST", f"/v1/rollouts/{rollout['id']}/break-glass", body, token=self.admin)
        self.refused(break_glass(), 400, "bad-input")
        self.assertEqual(break_glass(reason="nobody answers")[1]["broken_glass"], "by root: nobody answers")
        self.assertEqual(self.assignment(host, wait=20)["action"], "apply")
        self.assertIn("GLASS BROKEN", self.events(rollout)[1][1]["text"])

    def test_a_policy_written_over_another_than_the_one_that_holds_is_refused(self):
        self.holds(ALL)
        self.refused(self.activate(ALL, 0), 409, "other-version")
        self.refused(self.activate(ALL, 1, token=self.operator), 403, "role")
        self.holds(ALL + "deadlines: {high: 7d}\n", 1)
        listed = self.server.ask("GET", "/v1/policies", token=self.operator)[1]
        self.assertEqual([(each["version"], each["by"], each["holds"]) for each in listed], [(1, "root", False), (2, "root", True)])
        self.assertEqual(self.server.ask("GET", "/v1/policies/1", token=self.operator)[1]["text"], ALL)
        self.refused(self.server.ask("GET", "/v1/policies/9", token=self.operator), 404, "not-found")

    def test_a_policy_survives_the_server(self):
        self.host("a", "canary")
        self.holds("policy: 1\nrules: []\n")
        self.server.stop()
        self.server.start()
        self.refused(self.create(1, ("canary", {})), 409, "policy")

    def test_a_mistake_in_a_policy_is_named_with_its_line(self):
        for text, reason in (("rules: []\n", "'policy: 1' is missing"), ("policy: 2\n", "policy:1: "),
                             ("policy: 1\nrule: []\n", "policy:2: 'rule' is not known"),
                             ("policy: 1\nrules:\n- {name: a, windows: [w]}\n", "there is no window 'w'"),
                             ("policy: 1\nwindows:\n  w: {days: [mon], from: '9', to: '10:00', zone: UTC}\n", "policy:3: '9' is no time of a day"),
                             ("policy: 1\nwindows:\n  w: {days: [mon], from: '09:00', to: '10:00', zone: Mars/Base}\n", "no time zone"),
                             ("policy: 1\nrules: [\n", "policy:3: "), ("policy: 1\nexceptions:\n- {name: e}\n", "needs name, owner, reason")):
            answer = self.activate(text)
            self.refused(answer, 400, "bad-input")
            self.assertIn(reason, answer[1]["title"])

    def test_a_trial_says_what_would_be_denied_and_changes_nothing(self):
        self.host("a", "canary")
        rollout = self.created(1, ("canary", {}))
        file = self.directory / "policy.yaml"
        file.write_text("policy: 1\nrules:\n- {name: none, deny: we do not}\n")
        said = self.suture("policy", "try", file)
        self.assertEqual(said.returncode, 0, said.stderr)
        self.assertIn(f"{case.KERNEL['release']} level 2, for 1 hosts: denied", said.stdout)
        self.assertIn(f"rollout {rollout['id']}", said.stdout)
        trial = self.server.ask("POST", "/v1/policies/trial", {"text": file.read_text(), "expected": 0}, token=self.operator)[1]
        self.assertEqual([each["hosts"] for each in trial["levels"]], [1])
        self.assertEqual(self.server.ask("GET", "/v1/policies", token=self.operator)[1], [])
        self.assertIn("whose role this is not", self.suture("policy", "activate", file).stderr)
        self.operator = self.admin
        self.assertIn("policy 1 holds", self.suture("policy", "activate", file).stdout)
        self.assertEqual(self.suture("policy", "show").stdout, file.read_text())
        self.assertIn("version 1 holds, not 0", self.suture("policy", "activate", file, "--over", "0").stderr)

    def test_a_drill_takes_a_well_fleet_back_and_says_how_long_it_took(self):
        host = self.host("a", "canary")
        self.holds(ALL + "drills: {every: 1d, within: 10m}\n")
        rollout = self.created(1, ("canary", {}), approvals=0, drill=600)
        told = self.assignment(host, wait=20)
        back = self.while_well(host, 1, told, lambda: self.assignment(host))
        self.assertEqual(back["action"], "revert")
        self.report(host, verdict="well", answers=(back["sequence"], "done"))
        self.until(lambda: self.show(rollout)["phase"] == "taken back")
        self.assertRegex(self.events(rollout)[1][-2]["text"], r"the drill was kept: \d+ s, of 600 s")
        metrics = self.server.ask("GET", "/v1/metrics", token=self.operator)[1]
        self.assertIn("suture_server_drill_overdue 0\n", metrics)


class TakingBack(case.Case):
    """A level that was found bad once its rollout was over."""

    def test_a_bad_level_is_taken_back_ring_by_ring(self):
        canary, wave = self.host("a", "canary", level=2), self.host("b", "wave", level=2)
        self.host("c", "canary", level=1)
        self.server.ask("POST", "/v1/recalls", {"level": 2, "reason": "it eats files"}, token=self.operator)
        made = self.created(1, ("canary", {}), ("wave", {}), approvals=0, takes_back=2)
        self.assertEqual([each["reason"] for each in made["left_out"]], ["it runs level 1"])
        told = self.assignment(canary, wait=20)
        self.assertEqual((told["action"], told["target"]["level"]), ("go-back", 1))
        self.assertIsNone(self.assignment(wave))
        gone = lambda host, told: self.report(host, level=1, answers=(told["sequence"], "done"))
        second = self.until(lambda: gone(canary, told) or self.assignment(wave))
        self.assertEqual((second["action"], second["target"]["level"]), ("go-back", 1))
        self.until(lambda: gone(wave, second) or self.show(made)["phase"] == "finished")

    def test_it_can_be_taken_back_to_nothing_and_what_hurts_there_stops_it(self):
        hosts = [self.host(name, "canary", level=2) for name in "ab"]
        made = self.created(0, ("canary", {}), approvals=0, takes_back=2)
        told = self.assignment(hosts[0], wait=20)
        self.assertEqual((told["action"], told["target"]), ("revert", {}))
        self.report(hosts[0], state="damaged", answers=(told["sequence"], "failed"))
        self.until(lambda: self.show(made)["phase"] == "taken back")
        self.assertIsNone(self.assignment(hosts[1]))
        self.assertEqual([each["phase"] for each in self.show(made)["rings"][0]["hosts"]], ["left", "waiting"])

    def test_who_takes_back_says_what(self):
        self.host("a", "canary", level=2)
        self.refused(self.create(0, ("canary", {})), 400, "bad-input")
        self.refused(self.create(2, ("canary", {}), takes_back=2), 400, "bad-input")

    def test_a_plan_says_who_would_be_told_and_keeps_nothing(self):
        self.host("a", "canary")
        file = self.directory / "rollout.json"
        file.write_text('{"name": "x", "level": 2, "rings": [{"name": "canary", "where": {"ring": "canary"}}]}')
        said = self.suture("rollout", "plan", file)
        self.assertRegex(said.stdout, r"canary: 1 hosts, 1 at once, then 3600 s of soak\n  a +runs level 0; back by disable and load\n",
                         said.stderr)
        self.assertIn("begins once: 1 of 1 approvals are missing", said.stdout)
        self.assertEqual(self.server.ask("GET", "/v1/rollouts", token=self.operator)[1], [])
        trial = self.server.ask("POST", "/v1/rollouts/trial", file.read_bytes(), token=self.operator)[1]
        self.assertEqual(trial["rings"][0]["hosts"][0]["ways_back"], ["disable and load"])


class Catalogue(case.Case):
    def catalogue(self):
        status, answer = self.server.ask("GET", "/v1/catalogue", token=self.operator)
        self.assertEqual(status, 200, answer)
        return answer

    def test_who_has_a_fix_and_for_which_kernel_nothing_was_built(self):
        self.host("with", "a", level=1)
        self.host("without", "a")
        other = self.host("other", "a")
        body = other.next_report(inventory={"kernel": "6.1.0-1-amd64", "build_id": "0" * 40})
        self.assertEqual(self.server.ask("PUT", "/v1/agent/report", body, other)[0], 200)
        seen = self.catalogue()
        first = seen["kernels"][[each["build_id"] for each in seen["kernels"]].index(case.KERNEL["build_id"])]["levels"][0]["fixes"][0]
        fix = next(each for each in seen["fixes"] if each["id"] == first)
        cells = {each["release"]: (each["state"], each["fixed"], each["hosts"]) for each in fix["kernels"]}
        self.assertEqual(cells, {case.KERNEL["release"]: ("open", 1, 2), "6.1.0-1-amd64": ("not built", 0, 1)})
        self.assertIn(first, next(each for each in seen["kernels"] if each["release"] == "6.1.0-1-amd64")["lacks"])
        said = self.suture("catalogue").stdout
        self.assertRegex(said, rf"{case.KERNEL['release']} +open +1/2")

    def test_a_fix_whose_deadline_is_over_is_told_and_opens_nothing(self):
        host = self.host("a", "canary")
        admin = self.server.person("root", "admin")
        severities = {fix["severity"] for fix in self.catalogue()["fixes"]}
        deadlines = ", ".join(f"{each}: 0s" for each in severities)
        self.server.ask("POST", "/v1/policies", {"text": f"policy: 1\nrules: []\ndeadlines: {{{deadlines}}}\n", "expected": 0}, token=admin)
        self.until(lambda: all(cell["overdue"] for fix in self.catalogue()["fixes"] for cell in fix["kernels"]))
        self.refused(self.create(1, ("canary", {})), 409, "policy")
        self.assertIn("suture_server_overdue_fixes{", self.server.ask("GET", "/v1/metrics", token=self.operator)[1])
        self.assertIsNone(self.assignment(host))

    def test_a_level_that_was_published_since_is_there_for_the_next_rollout(self):
        self.host("a", "canary")
        self.refused(self.create(3, ("canary", {})), 400, "empty-ring")
        script = ". $SOURCE/tests/trust/common.sh; add 3; sign_and_publish"
        subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=self.keys, check=True, env=self.environment, stdout=subprocess.DEVNULL)
        self.created(3, ("canary", {}))


class Hosts(case.Case):
    def listed(self, name):
        return next(each for each in self.server.ask("GET", "/v1/hosts", token=self.operator)[1] if each["hostname"] == name)

    def test_a_host_that_runs_something_else_than_it_was_told_drifts(self):
        host = self.host("a", "canary")
        self.created(1, ("canary", {}), approvals=0)
        told = self.assignment(host, wait=20)
        self.report(host, level=1, answers=(told["sequence"], "done"))
        self.assertEqual(self.listed("a")["standing"], [])
        self.report(host, level=0, answers=(told["sequence"], "done"))
        self.assertEqual(self.listed("a")["standing"], ["drifting"])
        self.assertRegex(self.suture("hosts", "list").stdout, r"a +ring=canary .* drifting")

    def test_a_host_whose_kernel_has_nothing_is_unsupported(self):
        host = self.host("a", "canary")
        body = host.next_report(inventory={"kernel": "6.1.0-1-amd64", "build_id": "0" * 40})
        self.server.ask("PUT", "/v1/agent/report", body, host)
        self.assertEqual(self.listed("a")["standing"], ["unsupported"])

    def test_what_changed_on_a_host_is_told_in_its_history(self):
        host = self.host("a", "canary")
        for level in (0, 1, 1, 2):
            self.report(host, level=level)
        shown = self.server.ask("GET", f"/v1/hosts/{host.id}", token=self.operator)[1]
        self.assertEqual([each["level"] for each in shown["history"]], [0, 1, 2])
        self.assertEqual(shown["inventory"]["kernel"], case.KERNEL["release"])
        self.refused(self.server.ask("GET", "/v1/hosts/none", token=self.operator), 404, "not-found")

    def test_a_host_with_new_labels_is_in_the_rings_that_ask_for_them(self):
        host = self.host("a", "canary")
        labelled = self.suture("hosts", "label", "a", "ring=wave", "site=fra")
        self.assertIn("ring=wave site=fra", labelled.stdout, labelled.stderr)
        self.refused(self.create(1, ("canary", {})), 400, "empty-ring")
        for bad in ({"ring": ""}, {"ring": 1}, {"a b": "c"}, {"ring": "x" * 101}):
            self.refused(self.server.ask("PUT", f"/v1/hosts/{host.id}/labels", {"labels": bad}, token=self.operator), 400, "bad-input")
        self.assertEqual(self.server.ask("PUT", f"/v1/hosts/{host.id}/labels", {"labels": {"ring": "wave"}}, token=self.operator)[0], 200)
        self.created(1, ("wave", {}), approvals=0)
        self.assertEqual(self.assignment(host, wait=20)["action"], "apply")
        self.assertIn("whatever", self.suture("hosts", "label", "a", "whatever").stderr)
