"""Whoever stole the server: has its certificate, its CA and the key that signs assignments, and tells hosts what he
likes. A fake, since the real server refuses to say such things."""
import hashlib
import http.server
import json
import queue
import ssl
import subprocess
import tempfile
import threading
import time
from urllib.parse import parse_qs, urlparse


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Thief:
    def __init__(self, directory, port):
        """`directory` is the server's, `port` is where hosts look for it."""
        self.directory, self.host = directory, None
        self.orders, self.reports = queue.Queue(), []
        public = subprocess.run(["openssl", "pkey", "-in", directory / "assignment.key", "-pubout", "-outform", "DER"], check=True,
                                capture_output=True).stdout[-32:].hex()
        self.keyid = hashlib.sha256(canonical({"keytype": "ed25519", "keyval": {"public": public}, "scheme": "ed25519"})).hexdigest()
        thief = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, status, body=b""):
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_PUT(self):
                report = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                thief.reports.append(report)
                # Hosts keep it; his is of an audit without an entry.
                self.answer(200, thief.sign({"_type": "audit-checkpoint", "sequence": 0, "digest": "", "at": "2027-01-31T12:00:00Z"}))

            def do_GET(self):
                subject = dict(pair[0] for pair in self.connection.getpeercert()["subject"])
                thief.host = subject["commonName"]
                try:
                    order = thief.orders.get(timeout=float(parse_qs(urlparse(self.path).query)["wait"][0]))
                except queue.Empty:
                    return self.answer(204)
                self.answer(200, order)

        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(directory / "server.pem", directory / "server.key")
        tls.load_verify_locations(directory / "ca.pem")
        tls.verify_mode = ssl.CERT_REQUIRED
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def sign(self, signed):
        with tempfile.NamedTemporaryFile() as payload:
            payload.write(canonical(signed))
            payload.flush()
            signature = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", self.directory / "assignment.key", "-in",
                                        payload.name], check=True, capture_output=True).stdout.hex()
        return json.dumps({"signed": signed, "signatures": [{"keyid": self.keyid, "sig": signature}]}).encode()

    def tell(self, **content):
        """Signs an assignment for the host, well in all that is not named, and hands it out."""
        self.orders.put(self.sign({"_type": "assignment", "protocol": 1, "host": self.host, "nonce": "0" * 32, "action": "apply",
                                   "target": {}, "plan": "", "not_after": "2100-01-01T00:00:00Z", **content}))

    def answered(self, sequence):
        """The host's report on that assignment, once it is over; nothing until then."""
        for report in reversed(self.reports):
            assignment = report.get("assignment", {})
            if assignment.get("sequence") == sequence and assignment["outcome"] != "started":
                return report
        return None

    def close(self):
        self.server.shutdown()
        self.server.server_close()
