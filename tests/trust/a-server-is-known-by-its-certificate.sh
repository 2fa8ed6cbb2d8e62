# Over TLS only a server whose certificate an authority vouches for is spoken to, and it cannot lead away from TLS.
repository
openssl req -x509 -newkey rsa:2048 -nodes -keyout tls.key -out tls.pem -days 30 -subj "/CN=127.0.0.1" \
  -addext subjectAltName=IP:127.0.0.1 2>/dev/null
serve served tls.pem tls.key
says "level 1" "$SUTURE" verify "$url" --root root.json --ca-file tls.pem
refused "SSL certificate problem" "$SUTURE" verify "$url" --root root.json
refused "Protocol \"http\"" "$SUTURE" verify "$url/plain" --root root.json --ca-file tls.pem
refused "does not match\|no alternative certificate" "$SUTURE" verify "https://localhost:${url##*:}" --root root.json --ca-file tls.pem
