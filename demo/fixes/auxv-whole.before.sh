# with: set-auxv
./set-auxv >/tmp/bytes || exit 1
echo "a vector of one entry was taken"
