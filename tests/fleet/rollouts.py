"""How a rollout goes."""
import lab
from scenarios import RINGS, Scenario, ring


class Rollouts(Scenario):
    def test_a_good_level_goes_through_all_rings_and_a_bad_one_stops_at_canary(self):
        fleet = self.fleet("slow_disk")
        good = self.rolled_out(fleet, 1)
        self.until(fleet, good, "level 1 is everywhere", lambda shown: shown["phase"] == "finished")
        self.assertEqual(set(fleet.levels().values()), {1})
        for name, readings in fleet.readings().items():
            self.assertGreater(readings["disk_latency_ms"], 0, name)
        bad = self.rolled_out(fleet, 2)
        shown = self.until(fleet, bad, "level 2 is taken back", lambda shown: shown["phase"] == "taken back")
        self.only_touched(shown, "canary")
        self.assertEqual(self.host_of(shown, "canary")["verdict"], "worse")
        self.assertEqual(set(fleet.levels().values()), {1})

    def test_what_ran_before_a_breach_is_taken_back_everywhere(self):
        fleet = self.fleet("slow_disk", busy=False)
        rollout = self.rolled_out(fleet, 1, [ring("canary"), ring("wave", by_hand=True)])
        self.until(fleet, rollout, "all run it", lambda _: set(fleet.levels().values()) == {1})
        fleet.operator.run("rollout", "abort", rollout["id"], "--reason", "a drill")
        self.until(fleet, rollout, "all is back", lambda shown: shown["phase"] == "taken back")
        self.assertEqual(set(fleet.levels().values()), {0})

    def test_a_server_that_is_away_changes_nothing_on_any_host(self):
        fleet = self.fleet("slow_disk", busy=False)
        rollout = self.rolled_out(fleet, 1, [ring("canary"), ring("wave", by_hand=True)], silence=10)
        self.until(fleet, rollout, "the canary runs it", lambda shown: self.host_of(shown, "canary")["phase"] == "applied")
        fleet.stop_server()
        reports = len(fleet.hosts[0].said())
        lab.await_("the hosts noticed", lambda: all("fleet:" in host.said()[reports if host is fleet.hosts[0] else 0:] for host in fleet.hosts))
        fleet.start_server()
        shown = self.until(fleet, rollout, "it goes on", lambda shown: shown["rings"][0]["passed"])
        self.assertEqual(shown["phase"], "running")
        texts = fleet.events(rollout)
        self.assertFalse([text for text in texts if "back" in text], texts)
        self.assertEqual(fleet.levels()["canary"], 1)
