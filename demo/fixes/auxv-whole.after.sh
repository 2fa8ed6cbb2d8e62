# with: set-auxv
if ./set-auxv >/tmp/bytes; then exit 1; fi
echo "a vector of one entry was refused"
