# An address is fetched by a program of its own, which stops at what was asked for, and follows nothing to another scheme.
repository
serve served
says "level 1" "$SUTURE" verify "$url" --root root.json
says "level 1" "$SUTURE" verify "$url/" --root root.json --state seen
"$SUTURE" bundle export "$url" one.bundle --root root.json
refused "timestamp.json: the repository does not have it" "$SUTURE" verify "$url/nowhere" --root root.json
refused "Protocol \"file\"" "$SUTURE" verify "$url/elsewhere" --root root.json
grep -q "error" said
says "level 1" "$SUTURE" verify http://patches.invalid --root root.json --proxy "$url"
refused "redirects" "$SUTURE" verify "$url/loop" --root root.json
refused "not trusted (too-long): 2.root.json" "$SUTURE" verify "$url/endless" --root root.json
kill "$server"
trap - EXIT
wait "$server" || true
refused "connect" "$SUTURE" verify "$url" --root root.json
