"""What scenarios share: a fleet with levels of its own, ended with the test."""
import os
import pathlib
import subprocess
import tempfile
import unittest

import guest
import lab


class Options:
    kernel = None
    levels = None  # where levels are kept


def ring(name, at_once=1, **gate):
    return {"name": name, "where": {"ring": name}, "at_once": at_once, "gate": {"soak": 5, **gate}}


RINGS = [ring("canary"), ring("wave")]


def levels(fix):
    """A directory with two levels, built and proved in the VM: a harmless one, and one that has levels/FIX.patch too."""
    directory = pathlib.Path(Options.levels) / fix
    if not directory.exists():
        directory.mkdir(parents=True)
        subprocess.run([guest.top / "tests/trust/make-levels", directory], check=True, stdout=subprocess.DEVNULL,
                       env=os.environ | {"KERNEL": Options.kernel, "SUTURE": str(guest.suture), "SOURCE": str(guest.top),
                                         "ONLY": "2", "SECOND": str(lab.here / f"levels/{fix}.patch")})
    return directory


class Scenario(unittest.TestCase):
    def fleet(self, fix, **hosts):
        """A server with the levels of that fix, and a canary and two more hosts that report."""
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        fleet = lab.Fleet(scratch.name, Options.kernel, levels(fix))
        self.addCleanup(fleet.close)
        for name in ("canary", "wave-a", "wave-b"):
            fleet.host(name, name.partition("-")[0], **hosts)
        fleet.all_report()
        return fleet

    def rolled_out(self, fleet, to=2, rings=None, **more):
        """A rollout to the level, or to the agent of that version, approved; it goes on by itself."""
        rollout = fleet.create(to, rings or RINGS, **more)
        self.assertEqual(rollout["left_out"], [])
        fleet.approve(rollout)
        return rollout

    def until(self, fleet, rollout, what, condition):
        """Waits for a state of the rollout, and shows what happened."""
        try:
            return lab.await_(what, lambda: (lambda shown: shown if condition(shown) else None)(fleet.show(rollout)))
        finally:
            print(fleet.operator.run("rollout", "show", rollout["id"]))

    def only_touched(self, shown, *names):
        hosts = [host for each in shown["rings"] for host in each["hosts"]]
        self.assertEqual(sorted(host["hostname"] for host in hosts if host["phase"] != "waiting"), sorted(names), hosts)
        for host in hosts:
            if host["hostname"] not in names:
                self.assertEqual(host["level"], host["before"], host)

    def host_of(self, shown, name):
        return next(host for each in shown["rings"] for host in each["hosts"] if host["hostname"] == name)
