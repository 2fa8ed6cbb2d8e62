# A fix to a header that many files include tells a terminal how many it compiles, and how long that may take, before it does.
. "$(dirname "$0")/lib/fix.sh"
fix fs/ext4/ext4.h '/^#define _EXT4_H$/s/$/ 1/' >fix.patch
touch seen
script --quiet --flush --command "exec '$SUTURE' build fix.patch --kernel '$KERNEL'" seen </dev/null >/dev/null &
build=$!
tail -n +1 -f --pid=$build seen | grep -q 'compiling [0-9]* files, at most about [0-9]* min'
kill $build
wait $build || :
