"""serve.py DIR [CERTIFICATE.pem KEY.pem]: serves a directory on loopback, prints its address. /elsewhere/X redirects to
a file, /plain/X to HTTP, /loop/X for ever to itself, and /endless/X sends bytes until nobody listens. Works as a proxy,
too: whatever host is asked for."""
import functools
import http.server
import ssl
import sys
import urllib.parse


class Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith("http://"):
            self.path = urllib.parse.urlsplit(self.path).path
        elsewhere = {"elsewhere": "file:///etc/passwd", "plain": "http://127.0.0.1:1/", "loop": self.path}
        first = self.path.split("/")[1]
        if first in elsewhere:
            self.send_response(302)
            self.send_header("Location", elsewhere[first])
            self.end_headers()
        elif first == "endless":
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
scheme = "http"
if len(sys.argv) > 2:
    scheme = "https"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(f"{scheme}://127.0.0.1:{server.server_address[1]}")
server.serve_forever()
