# with: set-auxv
bytes=$(./set-auxv) || exit 1
echo "/proc/self/auxv shows $bytes bytes: the entry and the end mark"
[ "$bytes" -eq 32 ]
