"""The real server process, asked as agents and people ask. Every answer is held against api/openapi.yaml."""
import hashlib
import http.client
import json
import pathlib
import re
import signal
import ssl
import subprocess

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
API = yaml.safe_load((ROOT / "api/openapi.yaml").read_text())
SERVER = None


def resolve(node):
    while "$ref" in node:
        target = API
        for part in node["$ref"][2:].split("/"):
            target = target[part]
        node = target
    return node


def operation_of(method, target):
    """That the contract has for this, with its path there."""
    path = target.partition("?")[0]
    for template, operations in API["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) and method.lower() in operations:
            return template, operations[method.lower()]
    raise AssertionError(f"{method} {target} is not in the contract")


VALIDATORS = {name: jsonschema.Draft202012Validator({**schema, "components": API["components"]})
              for name, schema in API["components"]["schemas"].items()}
DRIVEN = set()  # operations that were answered well


def hold_to_contract(method, target, status, headers, body):
    _, operation = operation_of(method, target)
    if status < 300:
        DRIVEN.add(operation["operationId"])
    answer = resolve(operation["responses"][str(status)])
    for name, header in answer.get("headers", {}).items():
        header, value = resolve(header), headers[name]
        if value is None:
            assert not header.get("required"), name
        else:
            jsonschema.validate(int(value) if header["schema"]["type"] == "integer" else value, header["schema"])
    if "content" not in answer:
        assert body == b"", body
        return None
    kind = headers["Content-Type"]
    validator = jsonschema.Draft202012Validator({**answer["content"][kind]["schema"], "components": API["components"]})
    if kind.startswith("text/"):
        return body.decode()
    documents = [json.loads(each) for each in (body.splitlines() if kind == "application/jsonl" else [body])]
    for each in documents:
        validator.validate(each)
    return documents if kind == "application/jsonl" else documents[0]


class Server:
    def __init__(self, directory, *options):
        self.directory = pathlib.Path(directory) / "server"
        self.config = self.directory / "server.json"
        subprocess.run([SERVER, "init", self.directory, *options], check=True, stdout=subprocess.DEVNULL)
        config = json.loads(self.config.read_text())
        self.config.write_text(json.dumps({**config, "port": 0}))
        self.start()

    def start(self):
        self.process = subprocess.Popen([SERVER, "run", "--config", self.config], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().rpartition(":")[2])

    def stop(self, how=signal.SIGKILL):
        self.process.send_signal(how)
        self.process.stdout.close()
        return self.process.wait()

    def admin(self, *arguments):
        return subprocess.run([SERVER, *arguments, "--config", self.config], check=True, capture_output=True,
                              text=True).stdout.strip()

    def token(self, uses=1, expires="2100-01-01T00:00:00Z", **labels):
        labels = [word for each in labels.items() for word in ("--label", "=".join(each))]
        return self.admin("token", "create", "--uses", str(uses), "--expires", expires, *labels)

    def person(self, name, role, *options, expires="2100-01-01T00:00:00Z"):
        return self.admin("person", "add", name, "--role", role, "--expires", expires, *options)

    def hosts(self):
        return json.loads(subprocess.run([SERVER, "hosts", "--config", self.config, "--json"], check=True,
                                         capture_output=True).stdout)

    def ask(self, method, target, body=None, host=None, tls=None, token=None):
        return self.ask_fully(method, target, body, host, tls, token)[:2]

    def ask_fully(self, method, target, body=None, host=None, tls=None, token=None, **fields):
        """The header fields of the answer, too. Those of the request are written with underscores."""
        connection = self.connect(host, tls)
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        fields = {name.replace("_", "-"): value for name, value in fields.items()}
        if token:
            fields["Authorization"] = f"Bearer {token}"
        try:
            connection.request(method, target, body, fields)
            answer = connection.getresponse()
            # A stream has no end.
            content = b"" if answer.headers["Content-Type"] == "text/event-stream" else answer.read()
        finally:
            connection.close()
        return answer.status, hold_to_contract(method, target, answer.status, answer.headers, content), answer.headers

    def connect(self, host=None, tls=None):
        context = ssl.create_default_context(cafile=self.directory / "ca.pem")
        if tls:
            context.maximum_version = tls
        if host:
            context.load_cert_chain(host.certificate, host.key)
        return http.client.HTTPSConnection("127.0.0.1", self.port, context=context, timeout=60)


class Host:
    """A fake agent: a key, a certificate, a chain of reports."""

    def __init__(self, directory, name):
        file = name.encode().hex()
        self.key, self.certificate = directory / f"{file}.key", directory / f"{file}.pem"
        self.name, self.sequence, self.previous = name, 0, ""
        self.csr = self.request(self.key)

    @staticmethod
    def request(key):
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True)
        return subprocess.run(["openssl", "req", "-new", "-key", key, "-subj", "/CN=root"], check=True,
                              capture_output=True, text=True).stdout

    def enroll(self, server, token):
        body = {"protocol": 1, "token": token, "csr": self.csr, "hostname": self.name, "machine_id": "0" * 32}
        status, answer = server.ask("POST", "/v1/enroll", body)
        if status == 200:
            self.certificate.write_text(answer["certificate"])
        return status, answer

    def next_report(self, level=0, state="idle", verdict="none", inventory=None, answers=None, readings=None, agent=None):
        """`answers` is a sequence and an outcome, and may have a reason. `agent` is its version."""
        self.sequence += 1
        report = {"protocol": 1, "sequence": self.sequence, "previous": self.previous, "steps_known": [],
                  "inventory": inventory or {}, "status": {"level": level, "state": state, "verdict": verdict},
                  "load": {"enough": verdict == "well"}}
        if readings is not None:
            report["readings"] = readings
        if agent is not None:
            report["agent"] = {"version": agent}
        if answers:
            report["assignment"] = dict(zip(("sequence", "outcome", "reason"), answers))
        body = json.dumps(report).encode()
        self.previous = hashlib.sha256(body).hexdigest()
        return body
