"""Incidents that others had, and a revert that itself hurts: each stops at the canary, or at as many hosts as may be
taken back at once."""
import lab
from scenarios import RINGS, Scenario, ring


class Incidents(Scenario):
    def test_a_patch_that_hangs_a_system_call_stops_at_the_canary(self):
        fleet = self.fleet("hangs", probe="[timeout, '3', cat, /proc/version]")
        rollout = self.rolled_out(fleet)
        shown = self.until(fleet, rollout, "it is taken back", lambda shown: shown["phase"] == "taken back")
        self.only_touched(shown, "canary")

    def test_a_patch_that_warns_long_after_its_commit_stops_at_the_canary(self):
        fleet = self.fleet("warns_later", load="cat /proc/softirqs")
        rollout = self.rolled_out(fleet, rings=[ring("canary", soak=600), ring("wave")])
        shown = self.until(fleet, rollout, "it is taken back", lambda shown: shown["phase"] == "taken back")
        self.only_touched(shown, "canary")
        self.assertIn("runs level 2", fleet.events(rollout), "it was well first")
        self.assertIn("kernel log: warning", shown["reason"])
        self.assertEqual(fleet.levels()["canary"], 0)

    def test_a_patch_that_panics_stops_at_the_canary(self):
        fleet = self.fleet("panics", load="cat /proc/softirqs")
        rollout = self.rolled_out(fleet, silence=20)
        shown = self.until(fleet, rollout, "the canary is silent", lambda shown: any("silent" in wait for wait in shown["waits"]))
        self.assertIsNotNone(lab.await_("the canary died", lambda: fleet.hosts[0].process.poll() is not None or None))
        self.only_touched(shown, "canary")
        self.assertEqual(shown["phase"], "running", "silence holds; it takes nothing back")

    def test_a_machine_that_locks_up_while_loading_stops_at_the_canary(self):
        fleet = self.fleet("locks_up", options="unlucky")
        rollout = self.rolled_out(fleet, silence=20)
        shown = self.until(fleet, rollout, "the canary is silent", lambda shown: any("silent" in wait for wait in shown["waits"]))
        self.only_touched(shown, "canary")

    def test_a_transition_that_stalls_is_undone_and_names_who_kept_it(self):
        fleet = self.fleet("stalls", patience="3s", load="sleep 1000")
        rollout = self.rolled_out(fleet)
        shown = self.until(fleet, rollout, "it is over", lambda shown: shown["phase"] == "taken back")
        self.only_touched(shown, "canary")
        self.assertIn("sleep", self.host_of(shown, "canary")["reason"])

    def test_a_probe_that_the_patch_would_silence_stops_it_before_it_begins(self):
        fleet = self.fleet("slow_disk", kprobe="cmdline_proc_show")
        rollout = self.rolled_out(fleet, 1)
        shown = self.until(fleet, rollout, "it is refused", lambda shown: shown["phase"] == "taken back")
        self.only_touched(shown, "canary")
        self.assertIn("probe-silenced", self.host_of(shown, "canary")["reason"])

    def test_a_revert_that_itself_hurts_hurts_one_host_and_no_more(self):
        fleet = self.fleet("hurts_when_reverted", options="unlucky", busy=False)
        rollout = self.rolled_out(fleet, 2, [ring("canary"), ring("wave", at_once=2, by_hand=True)], silence=20)
        self.until(fleet, rollout, "all run it", lambda _: set(fleet.levels().values()) == {2})
        fleet.operator.run("rollout", "abort", rollout["id"], "--reason", "it hurts")
        shown = self.until(fleet, rollout, "one is silent since", lambda shown: any("silent" in wait for wait in shown["waits"]))
        dead = [host.name for host in fleet.hosts if host.process.poll() is not None]
        self.assertEqual(len(dead), 1, dead)
        self.assertIn(dead[0], ("wave-a", "wave-b"), "the last ring first")
        told = [host["hostname"] for each in shown["rings"] for host in each["hosts"] if host["phase"] == "told back"]
        self.assertEqual(told, dead)
