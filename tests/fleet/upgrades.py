"""The agent itself goes through the rings, on hosts with systemd and dpkg."""
import pathlib
import shutil
import subprocess
import tempfile

import lab
import systemd_host
from scenarios import Options, Scenario, levels, ring

ENROLS = """[Unit]
Before=suture-agent.service
[Service]
Type=oneshot
TimeoutStartSec=infinity
ExecStart=/usr/bin/busybox sh /enrol.sh
[Install]
WantedBy=multi-user.target
"""
ENROL = """until [ -e /var/lib/suture/fleet/membership.json ] || suture-agent enroll {server} --token {token} --ca-file /ca.pem; do
  sleep 1
done
"""
BEFORE = """ip address add 10.0.2.15/24 dev eth0
ip link set eth0 up
ip route add default via 10.0.2.2
cp -r /files/. /disk
"""


def disk_of_hosts(directory, packages):
    """A disk of a host with our packages installed, which enrols when it comes up."""
    tree = directory / "root"
    systemd_host.unpack(tree, packages)
    installed = subprocess.run(["chroot", tree, "sh", "-c", "dpkg --install /packages/*.deb"], capture_output=True, text=True)
    if installed.returncode:
        raise AssertionError(installed.stdout + installed.stderr)
    systemd_host.enable(tree, {"enrols.service": ENROLS})
    disk = directory / "disk"
    systemd_host.make_disk(disk, tree)
    shutil.rmtree(tree)
    return disk


class DebianHost(lab.Guest):
    """One with systemd, dpkg and our packages on a copy of that disk, whose server may upgrade its agent."""

    def __init__(self, fleet, name, labels, disk):
        super().__init__(fleet, name, labels, "rw")
        subprocess.run(["cp", "--sparse=always", disk, self.output / "disk"], check=True)
        self.disk = systemd_host.drive(self.output / "disk")
        files = {"etc/hostname": name.encode(), "etc/suture/agent.yaml": self.config("debian.yaml"),
                 "etc/suture/root.json": (fleet.served / "metadata/1.root.json").read_bytes(),
                 "ca.pem": (fleet.server / "ca.pem").read_bytes(),
                 "enrol.sh": ENROL.format(server=fleet.url("10.0.2.2"), token=self.token).encode()}
        self.image = systemd_host.switching(fleet.kit, fleet.kernel, ("virtio_net",), BEFORE,
                                            {f"/files/{path}": content for path, content in files.items()})


class Upgrades(Scenario):
    def test_a_good_release_goes_through_all_rings_and_one_that_does_not_start_stops_at_canary(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        directory = pathlib.Path(scratch.name)
        packages = systemd_host.make_packages()
        releases = [packages, systemd_host.later(packages, "8", directory / "good"),
                    systemd_host.later(packages, "9", directory / "bad", systemd_host.not_running)]
        old, good, bad = (systemd_host.field(each[0], "Version") for each in releases)
        staged = "; ".join(f"release_of_agent {' '.join(map(str, each))}" for each in releases)
        fleet = lab.Fleet(directory, Options.kernel, levels("slow_disk"), of_agent=f"begin_agent; {staged}")
        self.addCleanup(fleet.close)
        disk = disk_of_hosts(directory, packages)
        for name in ("canary", "wave"):
            fleet.host(name, name, kind=DebianHost, disk=disk)
        fleet.all_report()
        self.assertEqual(fleet.each("agent"), {"canary": old, "wave": old})

        rollout = self.rolled_out(fleet, good, transition=2)
        self.until(fleet, rollout, f"{good} is everywhere", lambda shown: shown["phase"] == "finished")
        self.assertEqual(fleet.each("agent"), {"canary": good, "wave": good})

        rollout = self.rolled_out(fleet, bad, transition=2)
        shown = self.until(fleet, rollout, f"{bad} is taken back", lambda shown: shown["phase"] == "taken back")
        self.only_touched(shown, "canary")
        canary = self.host_of(shown, "canary")
        self.assertEqual(canary["phase"], "failed", canary)
        self.assertIn(f"{good} is back", canary["note"])
        self.assertEqual(fleet.each("agent"), {"canary": good, "wave": good})

    def test_a_host_whose_own_configuration_does_not_permit_it_is_not_upgraded(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        fleet = lab.Fleet(scratch.name, Options.kernel, levels("slow_disk"), of_agent="agent_releases")
        self.addCleanup(fleet.close)
        fleet.host("canary", "canary", busy=False)
        fleet.all_report()
        rollout = self.rolled_out(fleet, "99.0.0", [ring("canary")])
        shown = self.until(fleet, rollout, "it refused", lambda shown: shown["phase"] == "taken back")
        self.assertIn("lets no server upgrade the agent", self.host_of(shown, "canary")["note"])
