"""Whoever has the server, with its database, its CA and its keys, can make no host run what was not signed offline."""
import hashlib
import json
import os
import shutil
import subprocess
import tempfile

import guest
import lab
from scenarios import Options, Scenario, levels, ring
from thief import Thief


class StolenServer(Scenario):
    def member(self):
        """A fleet of one host that runs level 1, below which the offline keys let no host go, and the agent's release 1, to
        which they let none."""
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        fleet = lab.Fleet(scratch.name, Options.kernel, levels("slow_disk"), floor=1,
                          of_agent="agent_releases; $SUTURE agent floor 2")
        self.addCleanup(fleet.close)
        fleet.host("canary", "canary", busy=False, may_upgrade=True)
        fleet.all_report()
        rollout = self.rolled_out(fleet, 1, [ring("canary")])
        self.until(fleet, rollout, "it runs level 1", lambda shown: shown["phase"] == "finished")
        return fleet

    def agent_of(self, fleet, release):
        """Which package is signed as the agent's of that release."""
        index = json.loads(next(fleet.served.glob("targets/agent/*index.json")).read_text())
        packages = next(each["packages"] for each in index["releases"] if each["release"] == release)
        return next(each["sha256"] for each in packages if each["name"] == "suture-agent")

    def evil_repository(self, fleet):
        """Another one for the same kernel, signed with keys that no host knows."""
        directory = fleet.directory / "evil"
        directory.mkdir()
        script = ". $SOURCE/tests/trust/common.sh; begin; add 1; add 2; sign_and_publish"
        subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=directory, check=True, stdout=subprocess.DEVNULL,
                       env=os.environ | {"KERNEL": Options.kernel, "SUTURE": str(guest.suture), "SOURCE": str(guest.top),
                                         "LEVELS": str(levels("hangs"))})
        return directory / "served"

    def test_its_signature_alone_makes_nothing_run(self):
        fleet = self.member()
        good = hashlib.sha256((levels("slow_disk") / "level_2.ko").read_bytes()).hexdigest()
        evil = hashlib.sha256(b"a module of his own").hexdigest()
        build_id = json.loads((levels("slow_disk") / "level_1.report.json").read_text())["kernel_build_id"]
        target = {"build_id": build_id, "level": 2, "sha256": good}
        fleet.stop_server()
        thief = Thief(fleet.server, fleet.port)
        self.addCleanup(thief.close)
        host = fleet.hosts[0]
        lab.await_("the host comes to the thief", lambda: thief.host and thief.reports)
        sequence = thief.reports[-1]["assignment"]["sequence"]
        later = {"release": 2, "version": "99.0.0", "sha256": self.agent_of(fleet, 2)}
        running = {"release": 1, "version": thief.reports[-1]["agent"]["version"], "sha256": self.agent_of(fleet, 1)}

        # Told, signed well, and refused with a reason.
        for what, reason, content in (
                ("a level that nobody signed", "no level 9", {"target": {**target, "level": 9}}),
                ("a module of his own", "not " + evil, {"target": {**target, "sha256": evil}}),
                ("a level of another kernel", "build-id", {"target": {**target, "build_id": "0" * 40}}),
                ("a way below the floor", "below the floor", {"action": "revert"}),
                ("a step back that is none", "is not below", {"action": "go-back", "target": target}),
                ("a release of the agent that nobody signed", "no release 9", {"action": "agent-upgrade", "target": {**later, "release": 9}}),
                ("a package of his own", "not " + evil, {"action": "agent-upgrade", "target": {**later, "sha256": evil}}),
                ("a release by another's name", "is 99.0.0", {"action": "agent-upgrade", "target": {**later, "version": "98.0.0"}}),
                ("a release below the agent's floor", "below the floor", {"action": "agent-back", "target": running}),
                ("a release back that is none", "is above", {"action": "agent-back", "target": later})):
            sequence += 1
            thief.tell(sequence=sequence, **content)
            report = lab.await_(what, lambda: thief.answered(sequence))
            self.assertEqual(report["assignment"]["outcome"], "refused", what)
            self.assertIn(reason, report["assignment"]["reason"], what)
            self.assertEqual((report["status"]["level"], report["agent"]), (1, {"version": running["version"]}), what)

        # Not even taken for something to do: the host says why, and goes on.
        for what, reason, content in (
                ("a hook", "'run' is not known", {"action": "run", "target": {}}),
                ("a command beside what is known", "command", {"action": "none", "command": "reboot"}),
                ("steps of his own", "steps", {"target": {**target, "steps": ["evil"]}}),
                ("another host's", "it is for host", {"target": target, "host": "00000000-0000-4000-8000-000000000000"}),
                ("one whose time is over", "its time ended", {"target": target, "not_after": "2020-01-01T00:00:00Z"}),
                ("one that was seen already", "was seen", {"target": target, "sequence": sequence})):
            said = len(host.said())
            thief.tell(**{"sequence": sequence + 1, **content})
            lab.await_(what, lambda: reason in host.said()[said:])
            thief.reports.clear()
            report = lab.await_("it reports", lambda: thief.reports and thief.reports[-1])
            self.assertEqual((report["status"]["level"], report["assignment"]["sequence"]), (1, sequence), what)

    def test_the_real_server_in_a_thiefs_hands_and_a_mirror_of_his_load_nothing(self):
        fleet = self.member()
        evil = self.evil_repository(fleet)
        older = fleet.directory / "older"
        shutil.copytree(fleet.served, older)
        # Mirror, catalogue and first root are the thief's now; a fresh host enrols with him too.
        fleet.stop_server()
        shutil.rmtree(fleet.served)
        shutil.copytree(evil, fleet.served)
        shutil.copy(evil / "metadata/1.root.json", fleet.server / "root.json")
        shutil.rmtree(fleet.server / "repository")
        root = older / "metadata/1.root.json"
        fleet.host("fresh", "canary", busy=False, root=root)
        fleet.start_server()
        fleet.all_report()
        rollout = fleet.create(2, [ring("canary", at_once=2, failed_hosts=2, success_percent=1)])
        fleet.approve(rollout)
        shown = self.until(fleet, rollout, "both refused", lambda shown: all(
            host["phase"] == "failed" for host in shown["rings"][0]["hosts"]))
        for host in shown["rings"][0]["hosts"]:
            self.assertEqual(host["level"], host["before"], host)
            self.assertRegex(host["note"], "signature|trusted|root", host)
