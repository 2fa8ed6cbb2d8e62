"""A fleet on one machine: the real server, a mirror of a signed repository, and hosts on stock kernels in VMs, all on
loopback. People speak to it with the real suture command."""
import contextlib
import functools
import http.server
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import threading
import time

here = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent))
import guest  # noqa: E402

SERVER = guest.build / "src/server_cli/suture-server"
END = "2100-01-01T00:00:00Z"
SECONDS = 150  # the most that anything here is waited for


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def await_(what, condition):
    """The first true value of `condition`, asked for again and again."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.2)
    raise AssertionError(f"never came true: {what}")


class Person:
    def __init__(self, fleet, name, role, key=False):
        self.fleet, self.name = fleet, name
        self.home = fleet.directory / "people" / name
        self.home.mkdir(parents=True)
        options = []
        if key:
            self.run("keys", "new", self.home / name, "--no-passphrase")
            options = ["--key", self.home / f"{name}.pub"]
        token = fleet.admin("person", "add", name, "--role", role, "--expires", END, *options)
        (self.home / "token").write_text(token)
        self.run("login", fleet.url("127.0.0.1"), "--ca-file", fleet.server / "ca.pem", "--token-file", self.home / "token")

    def run(self, *arguments):
        done = subprocess.run([guest.suture, *arguments], capture_output=True, text=True,
                              env=os.environ | {"XDG_CONFIG_HOME": str(self.home)})
        if done.returncode:
            raise AssertionError(f"suture {' '.join(map(str, arguments))}: {done.stdout}{done.stderr}")
        return done.stdout

    def json(self, *arguments):
        return json.loads(self.run(*arguments, "--json"))


class Guest:
    """A host of the fleet, in a VM that is ended with the fleet."""

    def __init__(self, fleet, name, labels, options="", disk=None, reboots=False):
        self.name, self.fleet, self.options, self.disk, self.reboots = name, fleet, options, disk or [], reboots
        self.output = fleet.directory / "hosts" / name
        self.output.mkdir(parents=True)
        self.process = None
        label_options = [word for each in labels.items() for word in ("--label", "=".join(each))]
        self.token = fleet.admin("token", "create", "--uses", "1", "--expires", END, *label_options).strip()

    def config(self, file, **words):
        """A configuration of the agent, with the words of it that are known here only."""
        text = (here / file).read_text()
        for word, known in {"MIRROR": f"http://10.0.2.2:{self.fleet.mirror_port}", **words}.items():
            text = text.replace(word, known)
        return text.encode()

    def start(self):
        command = guest.qemu(self.fleet.kit, self.image, self.output, self.options, devices=[
            "-netdev", "user,id=net,restrict=off", "-device", "virtio-net-pci,netdev=net,romfile=", *self.disk],
            reboots=self.reboots)
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        return self

    def end(self):
        if self.process:
            self.process.kill()
            self.process.wait()

    def said(self):
        return (self.output / "said").read_text(errors="replace")


class Host(Guest):
    """One with busybox and the agent. With a disk of its own it comes up again where it reboots, which it `may` if its
    server tells it so; an upgrade of its agent can be told it, and goes no further than the refusals of the agent.
    What goes on there is told by `load`, a command that is done again and again beside what keeps a disk `busy`; `probe`
    is one of the agent's; `kprobe` is set on that function."""

    def __init__(self, fleet, name, labels, busy=True, load="", probe="", kprobe="", patience="30s", options="",
                 root=None, disk=False, may_reboot=False, may_upgrade=False):
        super().__init__(fleet, name, labels, options, reboots=disk)
        settings = {"NAME": name, "TOKEN": self.token, "SERVER": fleet.url("10.0.2.2"), "BUSY": "1" if busy else "", "LOAD": load,
                    "KPROBE": kprobe, "DISK": "1" if disk else ""}
        variables = " ".join(f"{key}='{value}'" for key, value in settings.items())
        config = self.config("agent.yaml", PATIENCE=patience, REBOOT="yes" if may_reboot else "no",
                             UPGRADE="yes" if may_upgrade else "no",
                             PROBES=f"[{{name: probe, timeout: 5s, command: {probe}}}]" if probe else "[]")
        modules = ("virtio_pci", "virtio_net", *(("virtio_blk", "crc32c_generic", "ext4") if disk else ()))
        if disk:
            guest.make_disk(self.output / "disk", 16 << 20)
            self.disk = guest.drive(self.output / "disk")
        files = {"/member.sh": (here / "member.sh").read_bytes(), "/ca.pem": (fleet.server / "ca.pem").read_bytes(),
                 "/agent.yaml": config, "/root.json": (root or fleet.served / "metadata/1.root.json").read_bytes()}
        for number, (module, content) in enumerate(guest.modules_of(fleet.kit, fleet.kernel, modules).items()):
            files[f"/modules/{number:02}-{module}.ko"] = content
        for module, content in guest.modules_of(fleet.kit, fleet.kernel, ("null_blk",)).items():
            files[f"/null_blk/{module}.ko"] = content
        programs = {"/bin/suture-agent": guest.build / "src/agent_cli/suture-agent",
                    "/bin/suture-fetch": guest.build / "src/cli/suture-fetch",
                    "/bin/suture-link": guest.build / "src/link/suture-link"}
        self.image = guest.root_of(f"export {variables}; sh /member.sh", programs, files)


class Fleet:
    def __init__(self, directory, kernel, levels, floor=0, second="", of_agent=""):
        self.directory, self.kernel = pathlib.Path(directory), kernel
        self.kit = guest.kit_of(kernel)
        self.hosts = []
        self.served = self.publish(levels, floor, second, of_agent)
        handler = functools.partial(Quiet, directory=str(self.served))
        self.mirror = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.mirror_port = self.mirror.server_address[1]
        threading.Thread(target=self.mirror.serve_forever, daemon=True).start()
        self.server = self.directory / "server"
        subprocess.run([SERVER, "init", self.server, "--name", "127.0.0.1", "--name", "10.0.2.2", "--repository", self.served,
                        "--root", self.served / "metadata/1.root.json"], check=True, stdout=subprocess.DEVNULL)
        self.port = 0
        self.start_server()
        self.operator = Person(self, "ada", "operator")
        self.approver = Person(self, "grace", "approver", key=True)

    def publish(self, levels, floor, second, of_agent):
        """The repository of these levels; `second` are options of the second one, and `of_agent` is what stages releases
        of the agent (sh)."""
        lowest = f"$SUTURE level floor {self.kernel} {floor};" if floor else ""
        script = f". $SOURCE/tests/trust/common.sh; begin; add 1; add 2 {second}; {lowest} {of_agent or ':'}; sign_and_publish"
        subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=self.directory, check=True, stdout=subprocess.DEVNULL,
                       env=os.environ | {"KERNEL": self.kernel, "SUTURE": str(guest.suture), "SOURCE": str(guest.top),
                                         "LEVELS": str(levels)})
        return self.directory / "served"

    def url(self, address):
        return f"https://{address}:{self.port}"

    def start_server(self):
        config = json.loads((self.server / "server.json").read_text())
        (self.server / "server.json").write_text(json.dumps({**config, "port": self.port}))
        self.process = subprocess.Popen([SERVER, "run", "--config", self.server / "server.json"], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().rpartition(":")[2])

    def stop_server(self):
        self.process.kill()
        self.process.stdout.close()
        self.process.wait()

    def admin(self, *arguments):
        return subprocess.run([SERVER, *arguments, "--config", self.server / "server.json"], check=True, capture_output=True,
                              text=True).stdout

    def host(self, name, ring, kind=Host, **more):
        host = kind(self, name, {"ring": ring}, **more)
        self.hosts.append(host)
        return host

    def all_report(self):
        """Starts what has not been started, and waits until all have reported."""
        for host in self.hosts:
            if not host.process:
                host.start()
        await_("every host reported", lambda: sum(bool(each["last_report"]) for each in self.operator.json("hosts", "list")) == len(self.hosts))

    def create(self, to, rings, **more):
        """A rollout to a level, or to the agent's release of that version."""
        request = self.directory / "rollout.json"
        kind = "agent" if isinstance(to, str) else "level"
        request.write_text(json.dumps({"name": f"{kind} {to}", kind: to, "rings": rings, "poll": 3, "transition": 12,
                                       "silence": 60, **more}))
        return self.operator.json("rollout", "create", request)

    def approve(self, rollout):
        self.approver.run("approve", rollout["id"], "--digest", rollout["digest"], "--as", "grace", "--key",
                          self.approver.home / "grace.key")

    def show(self, rollout):
        return self.operator.json("rollout", "show", rollout["id"])

    def levels(self):
        return self.each("level")

    def each(self, field):
        """Of each host, by its name."""
        return {each["hostname"]: each[field] for each in self.operator.json("hosts", "list")}

    def readings(self):
        """How each host said last that it was since its report before."""
        with contextlib.closing(sqlite3.connect(self.server / "suture.db")) as database:
            rows = database.execute("SELECT hostname, body FROM report JOIN host ON host.id = report.host ORDER BY sequence").fetchall()
        return {hostname: json.loads(body).get("readings", {}) for hostname, body in rows}

    def events(self, rollout):
        """What happened to a rollout that is over, in words; or to one that is not, until now."""
        entries = self.admin("audit", "export").splitlines()
        return [entry["text"] for entry in map(json.loads, entries) if entry["rollout"] == rollout["id"]]

    def close(self):
        for host in self.hosts:
            host.end()
        self.stop_server()
        self.mirror.shutdown()
        self.mirror.server_close()
