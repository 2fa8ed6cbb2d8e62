"""Requests that come again, and acts on what has changed."""
import contextlib
import socket
import threading

import case


class LosingProxy:
    """Passes connections on, until it loses an answer: the first after `is_due` came true, and after `meanwhile` was done."""

    def __init__(self, port, is_due, meanwhile=lambda proxy: None):
        self.upstream, self.is_due, self.meanwhile, self.lost = port, is_due, meanwhile, 0
        self.sockets = [socket.create_server(("127.0.0.1", 0))]
        self.port = self.sockets[0].getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        for each in self.sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.sockets[0].accept()
                server = socket.create_connection(("127.0.0.1", self.upstream))
                self.sockets += [client, server]
                for pair in ((client, server, False), (server, client, True)):
                    threading.Thread(target=self.pass_on, args=pair, daemon=True).start()

    def pass_on(self, source, to, answers):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if answers and not self.lost and self.is_due():
                    self.lost += 1
                    self.meanwhile(self)
                    break
                to.sendall(data)
        for each in (source, to):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


class Repeats(case.Case):
    def repeat(self, target, body, key, **fields):
        return self.server.ask_fully("POST", target, body, token=self.operator, Idempotency_Key=f'"{key}"', **fields)

    def texts(self, rollout):
        return [each["text"] for each in self.events(rollout)[1]]

    def test_a_request_that_comes_again_with_its_key_is_not_done_again_by_a_killed_server_either(self):
        self.host("a", "canary")
        body = {"name": "a fix", "level": 1, "rings": [{"name": "canary", "where": {"ring": "canary"}}]}
        status, made, _ = self.repeat("/v1/rollouts", body, "k")
        self.assertEqual(status, 200, made)
        self.server.stop()
        self.server.start()
        self.assertEqual(self.repeat("/v1/rollouts", body, "k")[:2], (200, made))
        self.assertEqual(len(self.server.ask("GET", "/v1/rollouts", token=self.operator)[1]), 1)
        self.refused(self.repeat("/v1/rollouts", {**body, "name": "another"}, "k")[:2], 422, "key-reused")
        pause = f"/v1/rollouts/{made['id']}/pause"
        for _ in range(2):
            self.assertEqual(self.repeat(pause, {}, "p")[0], 200)
        self.refused(self.repeat(pause, {}, "another")[:2], 409, "not-now")
        self.assertEqual(len([text for text in self.texts(made) if text.startswith("paused")]), 1)

    def restart(self, proxy):
        self.server.stop()
        self.server.start()
        proxy.upstream = self.server.port

    def test_suture_asks_again_when_an_answer_is_lost_and_nothing_is_done_twice(self):
        self.host("a", "canary")
        for meanwhile in (lambda _: None, self.restart):
            rollout = self.created(1, ("canary", {}))
            with LosingProxy(self.server.port, lambda: self.show(rollout)["phase"] == "paused", meanwhile) as proxy:
                self.log_in(proxy.port)
                done = self.command("rollout", "pause", rollout["id"])
                self.assertEqual(proxy.lost, 1)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual([text for text in self.texts(rollout) if text.startswith("paused")], ["paused by ada"])
            self.act(rollout, "abort")
            self.until(lambda: self.show(rollout)["phase"] == "taken back")

    def test_nothing_is_done_to_a_rollout_that_changed_since_somebody_looked(self):
        self.host("a", "canary")
        rollout = self.created(1, ("canary", {}))
        target = f"/v1/rollouts/{rollout['id']}"
        look = lambda **fields: self.server.ask_fully("GET", target, token=self.operator, **fields)
        act = lambda verb, tag: self.server.ask_fully("POST", f"{target}/{verb}", {}, token=self.operator, If_Match=tag)
        seen = look()[2]["ETag"]
        self.assertEqual(look(If_None_Match=seen)[0], 304)
        _, _, paused = act("pause", seen)
        self.assertEqual(look(If_None_Match=seen)[0], 200)
        self.refused(act("resume", seen)[:2], 412, "changed")
        self.assertEqual(self.show(rollout)["phase"], "paused")
        self.assertEqual(act("resume", paused["ETag"])[0], 200)
