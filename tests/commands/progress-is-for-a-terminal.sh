# Long work tells a terminal how far it is, and nothing to a pipe.
"$SUTURE" build "$FIX" --kernel "$KERNEL" >piped 2>errors
test ! -s errors
! grep -q matching piped
script --quiet --return --command "'$SUTURE' build '$FIX' --kernel '$KERNEL'" /dev/null >seen </dev/null
grep -q 'matching against the shipped kernel' seen
