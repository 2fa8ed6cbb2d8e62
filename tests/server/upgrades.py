"""The agent itself goes through the rings, as people.py runs it. Release 2, 99.0.0, is new; release 1 is this version."""
import subprocess

import case

NEW = "99.0.0"


class Upgrades(case.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = subprocess.run([case.SUTURE, "--version"], check=True, capture_output=True, text=True).stdout.split()[1]

    def host(self, name, ring, **what):
        return super().host(name, ring, **({"agent": self.old} | what))

    def upgrade(self, *rings, **more):
        return self.created(None, *(rings or [("canary", {})]), **({"agent": NEW, "approvals": 0} | more))

    def told(self, host, action="agent-upgrade"):
        told = self.assignment(host, wait=20)
        self.assertEqual(told["action"], action)
        return told["sequence"]

    def runs(self, host, sequence, condition, agent=NEW):
        """A host goes on saying that it did it, and runs that agent. Its live patch and its load do not matter."""
        def reported():
            self.report(host, agent=agent, answers=(sequence, "done"))
            return condition()
        return self.until(reported)

    def phases(self, rollout):
        return [host["phase"] for ring in self.show(rollout)["rings"] for host in ring["hosts"]]

    def test_a_release_goes_through_two_rings(self):
        canary, wave = self.host("a", "canary", level=1), self.host("b", "wave")
        rollout = self.upgrade(("canary", {"gate": {"soak": 0}}), ("wave", {"gate": {"soak": 0}}))
        told = self.assignment(canary, wait=20)
        self.assertEqual((told["action"], told["plan"]), ("agent-upgrade", rollout["digest"]))
        self.assertEqual([told["target"][each] for each in ("release", "version")], [2, NEW])
        self.assertIsNone(self.assignment(wave))
        self.report(canary, level=1, agent=NEW, answers=(told["sequence"], "started"))
        self.until(lambda: self.show(rollout)["rings"][0]["hosts"][0]["agent"] == NEW)
        self.assertEqual(self.phases(rollout)[0], "told", "the installer still watches it")
        second = self.runs(canary, told["sequence"], lambda: self.assignment(wave))
        self.assertEqual(second["action"], "agent-upgrade")
        self.runs(wave, second["sequence"], lambda: self.show(rollout)["phase"] == "finished")
        texts = [each["text"] for each in self.events(rollout)[1]]
        self.assertIn(f"created: a fix, agent {NEW}, policy 0", texts[0])
        for text in (f"told to go to agent {NEW}", f"runs agent {NEW}"):
            self.assertEqual(texts.count(text), 2)
        self.assertFalse([each for each in texts if "level" in each])

    def test_a_host_that_fails_freezes_it_and_those_before_go_back(self):
        canary, wave = self.host("a", "canary"), self.host("b", "wave")
        rollout = self.upgrade(("canary", {}), ("wave", {}))
        first = self.told(canary)
        second = self.runs(canary, first, lambda: self.assignment(wave))
        self.report(wave, agent=self.old, answers=(second["sequence"], "failed", "dpkg said no"))
        self.until(lambda: self.show(rollout)["phase"] == "frozen")
        self.assertIn("dpkg said no", self.show(rollout)["reason"])
        back = self.assignment(canary, wait=20)
        self.assertEqual((back["action"], back["target"]["release"], back["target"]["version"]), ("agent-back", 1, self.old))
        self.server.stop()
        self.server.start()
        self.runs(canary, back["sequence"], lambda: self.show(rollout)["phase"] == "taken back", agent=self.old)
        self.assertEqual(self.phases(rollout), ["back", "failed"])
        self.assertIsNone(self.assignment(wave), "it put the old agent back by itself")

    def test_a_host_that_refuses_failed_and_says_why(self):
        host = self.host("a", "canary")
        rollout = self.upgrade()
        self.report(host, agent=self.old, answers=(self.told(host), "refused", "upgrades are not permitted here"))
        self.until(lambda: self.phases(rollout) == ["failed"])
        self.assertIn("upgrades are not permitted here", self.show(rollout)["rings"][0]["hosts"][0]["note"])

    def test_a_drill_takes_every_agent_back_and_is_none_of_the_policys(self):
        host = self.host("a", "canary")
        admin = self.server.person("root", "admin")
        text = "policy: 1\nrules:\n- {name: all}\ndrills: {every: 1s, within: 10m}\n"
        self.assertEqual(self.server.ask("POST", "/v1/policies", {"text": text, "expected": 0}, token=admin)[0], 200)
        rollout = self.upgrade(drill=600)
        back = self.runs(host, self.told(host), lambda: self.assignment(host))
        self.assertEqual(back["action"], "agent-back")
        self.runs(host, back["sequence"], lambda: self.show(rollout)["phase"] == "taken back", agent=self.old)
        self.assertIn("the drill was kept", self.events(rollout)[1][-2]["text"])
        self.until(lambda: "suture_server_drill_overdue 1\n" in self.server.ask("GET", "/v1/metrics", token=self.operator)[1])

    def test_hosts_that_cannot_have_the_release_are_left_out_with_the_reason(self):
        self.host("a", "canary")
        for name, agent in (("b", "0.0.1"), ("c", NEW), ("d", None)):
            self.host(name, "canary", agent=agent)
        left_out = self.upgrade()["left_out"]
        self.assertEqual([each["reason"] for each in left_out],
                         ["it runs agent 0.0.1, which is not among the signed releases", f"it runs agent {NEW}",
                          "it did not say which agent it runs"])

    def test_what_cannot_be_meant_of_an_agent_is_refused(self):
        self.host("a", "canary")
        self.refused(self.create(1, ("canary", {}), agent=NEW), 400, "bad-input")
        self.refused(self.create(None, ("canary", {})), 400, "bad-input")
        for more in ({"agent": "7.7.7"}, {"agent": NEW, "takes_back": 2}, {"agent": NEW, "may_reboot": True}):
            self.refused(self.create(None, ("canary", {}), **more), 400, "bad-input")
        self.assertIn("no signed release 7.7.7", self.create(None, ("canary", {}), agent="7.7.7")[1]["title"])

    def test_a_policy_denies_it_without_a_rule_that_speaks_of_agents(self):
        self.host("a", "canary")
        admin = self.server.person("root", "admin")
        activate = lambda kinds, over: self.server.ask("POST", "/v1/policies", {"text": f"policy: 1\nrules:\n- {{name: some, match: {{kind: [{kinds}]}}}}\n",
                                                                               "expected": over}, token=admin)
        self.assertEqual(activate("security, bugfix", 0)[0], 200)
        answer = self.create(None, ("canary", {}), agent=NEW)
        self.refused(answer, 409, "policy")
        self.assertIn(f"no rule speaks of fix agent {NEW} (agent, unknown)", answer[1]["title"])
        self.assertEqual(activate("agent", 1)[0], 200)
        rollout = self.upgrade()
        trial = self.server.ask("POST", "/v1/policies/trial", {"text": "policy: 1\nrules: []\n", "expected": 0}, token=self.operator)[1]
        self.assertEqual([(each["id"], len(each["denials"])) for each in trial["rollouts"]], [(rollout["id"], 1)])

    def test_a_recall_of_a_level_does_not_stop_a_release_with_its_number(self):
        host = self.host("a", "canary", level=2)
        self.server.ask("POST", "/v1/recalls", {"level": 2, "reason": "it eats files"}, token=self.operator)
        rollout = self.upgrade()
        self.runs(host, self.told(host), lambda: self.show(rollout)["phase"] == "finished")

    def test_a_failed_level_before_it_says_nothing_of_the_agent(self):
        host = self.host("a", "canary")
        level = self.created(1, ("canary", {}), approvals=0)
        told = self.assignment(host, wait=20)
        failed = {"agent": self.old, "state": "failed", "answers": (told["sequence"], "failed")}
        self.report(host, **failed)
        self.until(lambda: self.show(level)["phase"] == "taken back")
        rollout = self.upgrade()
        second = self.told(host)
        self.report(host, **failed)
        self.runs(host, second, lambda: self.show(rollout)["phase"] == "finished")

    def test_a_host_that_comes_late_enters_a_ring_that_has_passed(self):
        host = self.host("a", "canary")
        self.host("b", "wave")
        rollout = self.upgrade(("canary", {}), ("wave", {"gate": {"soak": 3600}}))
        self.runs(host, self.told(host), lambda: self.show(rollout)["rings"][0]["passed"])
        late, strange = self.host("late", "none"), self.host("strange", "none", agent="0.0.1")
        self.refused(self.act(rollout, "join", host=strange.id, ring="canary"), 409, "left-out")
        self.assertEqual(self.act(rollout, "join", host=late.id, ring="canary")[0], 200)
        self.told(late)

    def test_a_host_whose_agent_is_another_than_it_was_told_drifts(self):
        host = self.host("a", "canary", level=2)
        rollout = self.upgrade()
        sequence = self.told(host)
        standing = lambda: self.server.ask("GET", f"/v1/hosts/{host.id}", token=self.operator)[1]["standing"]
        self.runs(host, sequence, lambda: self.show(rollout)["phase"] == "finished")
        self.report(host, level=2, agent=NEW, answers=(sequence, "done"))
        self.assertEqual(standing(), [])
        self.report(host, level=2, agent=self.old, answers=(sequence, "done"))
        self.assertEqual(standing(), ["drifting"])

    def test_people_see_which_host_runs_which_release(self):
        self.host("a", "canary")
        self.host("b", "canary", agent=None)
        rollout = self.upgrade()
        self.assertRegex(self.suture("rollout", "show", rollout["id"]).stdout, rf"a fix  agent {NEW} \(release 2\)  running")
        self.assertIn(f"agent {NEW}", self.suture("rollout", "list").stdout)
        self.assertIn(f"agent     {self.old}\n", self.suture("hosts", "show", "a").stdout)
        said = self.suture("catalogue").stdout
        self.assertRegex(said, rf"{self.old} +1 +1 *\n{NEW} +2 +0 *\nanother +1")
        file = self.directory / "upgrade.json"
        file.write_text('{"name": "x", "agent": "%s", "rings": [{"name": "late", "where": {"ring": "late"}}]}' % NEW)
        self.host("c", "late")
        said = self.suture("rollout", "plan", file)
        self.assertRegex(said.stdout, rf"agent {NEW} \(release 2\), 1 approvals(.|\n)*c +runs release 1; back by replace", said.stderr)
