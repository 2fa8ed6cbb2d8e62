"""Levels that only a reboot takes back."""
import tempfile

import lab
from scenarios import Options, Scenario, levels, ring


class Reboots(Scenario):
    def member(self, **host):
        """A fleet of one host, which runs level 1; level 2 is one that a host cannot take back live."""
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        fleet = lab.Fleet(scratch.name, Options.kernel, levels("slow_disk"), second="--back-by-reboot")
        self.addCleanup(fleet.close)
        fleet.host("canary", "canary", disk=True, **host)
        fleet.all_report()
        rollout = self.rolled_out(fleet, 1, [ring("canary")])
        self.until(fleet, rollout, "it runs level 1", lambda shown: shown["phase"] == "finished")
        return fleet

    def test_a_host_that_only_a_reboot_takes_back_is_rebooted_after_a_breach(self):
        fleet = self.member(may_reboot=True)
        rollout = self.rolled_out(fleet, 2, [ring("canary")], may_reboot=True)
        shown = self.until(fleet, rollout, "it is back", lambda shown: shown["phase"] == "taken back")
        canary = self.host_of(shown, "canary")
        self.assertEqual((canary["phase"], canary["level"]), ("back", 1), canary)
        self.assertIn("told to reboot to level 1", fleet.events(rollout))
        live = fleet.operator.json("hosts", "show", "canary")["inventory"]["live_patches"]
        self.assertEqual([each["name"] for each in live], ["level_1"])

    def test_a_host_whose_own_configuration_does_not_permit_it_is_not_rebooted(self):
        fleet = self.member()
        rollout = self.rolled_out(fleet, 2, [ring("canary")], may_reboot=True)
        shown = self.until(fleet, rollout, "it is left", lambda shown: self.host_of(shown, "canary")["phase"] == "left")
        self.assertRegex(self.host_of(shown, "canary")["note"], "did not reboot: .* lets no server reboot it")
