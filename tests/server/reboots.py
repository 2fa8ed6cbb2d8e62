"""Ways back by a reboot, as people.py runs them. Level 2 is one that only a reboot takes back."""
import case


class Reboots(case.Case):
    LEVELS_PUBLISHED = "add 1; add 2 --back-by-reboot"

    def breached(self, level=1, **more):
        """A host that is worse since it runs level 2."""
        host = self.host("a", "canary", level=level)
        rollout = self.created(2, ("canary", {}), approvals=0, **more)
        told = self.assignment(host, wait=20)
        self.assertEqual(told["action"], "apply")
        self.report(host, level=2, verdict="worse", answers=(told["sequence"], "done"))
        return host, rollout

    def test_a_host_that_only_a_reboot_takes_back_is_told_to_reboot(self):
        host, rollout = self.breached(may_reboot=True)
        told = self.assignment(host, wait=20)
        self.assertEqual((told["action"], told["target"]["level"]), ("reboot-back", 1))
        self.report(host, level=2, state="busy", answers=(told["sequence"], "started"))
        self.assertEqual(self.show(rollout)["phase"], "frozen")
        self.report(host, level=1, answers=(told["sequence"], "done"))
        self.until(lambda: self.show(rollout)["phase"] == "taken back")

    def test_a_reboot_to_no_live_patch_names_no_level(self):
        host, _ = self.breached(level=0, may_reboot=True)
        told = self.assignment(host, wait=20)
        self.assertEqual((told["action"], told["target"]), ("reboot-back", {}))

    def test_a_rollout_that_may_not_reboot_leaves_it_to_a_person(self):
        host, rollout = self.breached()
        self.until(lambda: self.show(rollout)["phase"] == "taken back")
        self.assertIsNone(self.assignment(host))
        self.assertIn("only proven way back is a reboot", self.show(rollout)["rings"][0]["hosts"][0]["note"])

    def test_a_host_that_refuses_to_reboot_is_left_to_a_person(self):
        host, rollout = self.breached(may_reboot=True)
        told = self.assignment(host, wait=20)
        self.report(host, level=2, answers=(told["sequence"], "refused"))
        self.until(lambda: self.show(rollout)["rings"][0]["hosts"][0]["phase"] == "left")
        self.assertEqual(self.show(rollout)["rings"][0]["hosts"][0]["note"], "it did not reboot")

    def test_a_damaged_host_is_told_to_reboot_too(self):
        host = self.host("a", "canary")
        rollout = self.created(1, ("canary", {}), approvals=0, may_reboot=True)
        told = self.assignment(host, wait=20)
        self.report(host, level=1, state="damaged", answers=(told["sequence"], "failed"))
        back = self.assignment(host, wait=20)
        self.assertEqual(back["action"], "reboot-back")
        self.report(host, answers=(back["sequence"], "done"))
        self.until(lambda: self.show(rollout)["phase"] == "taken back")
