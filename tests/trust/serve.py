"""serve.py DIR: serves a directory on loopback, prints its address. /elsewhere/X redirects to file:///X, /loop for
ever to itself, and /endless/X sends bytes until nobody listens."""
import functools
import http.server
import sys


class Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        where = {"/elsewhere": "file:///etc/passwd", "/loop": self.path}.get("/" + self.path.split("/")[1])
        if where:
            self.send_response(302)
            self.send_header("Location", where)
            self.end_headers()
        elif self.path.startswith("/endless/"):
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(bytes(65536))
            except OSError:
                pass
        else:
            super().do_GET()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=sys.argv[1]))
print(f"http://127.0.0.1:{server.server_address[1]}")
server.serve_forever()
