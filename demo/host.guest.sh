# What a person types on the host.
chmod +x /set-auxv
shows() {
  bytes=$(/set-auxv) || exit 1
  echo "/proc/self/auxv shows $bytes bytes of a vector of one entry (16 bytes and the end mark)"
}
run() {
  echo "\$ $*"
  "$@" || exit 1
}

shows
[ "$bytes" -gt 32 ] || exit 1
run suture-agent plan
run suture-agent apply
run suture-agent status
shows
[ "$bytes" -eq 32 ] || exit 1
run suture-agent revert
shows
[ "$bytes" -gt 32 ] || exit 1
echo "as it was before"
