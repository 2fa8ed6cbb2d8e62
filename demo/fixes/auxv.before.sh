# with: set-auxv
# The old vector's remains are shown behind the new, shorter one.
bytes=$(./set-auxv) || exit 1
echo "/proc/self/auxv shows $bytes bytes of a vector of one entry (16 bytes and the end mark)"
[ "$bytes" -gt 32 ]
