# a BPF program at a function that a level replaces is told of, and does not keep the new code from running
watch_function cmdline_proc_show >/tmp/watching 2>&1 &
watcher=$!
await grep -q watching /tmp/watching
expect 0 agent plan --plan cmdline
says 'bpf-program'
says 'fentry by BPF program watcher'
expect 0 agent apply --plan cmdline
grep -q first /proc/cmdline || fail "the old code runs"
expect 0 agent revert
gone cmdline || fail "it is still there"
kill $watcher
wait $watcher
expect 0 agent plan --plan cmdline
case $said in *bpf-program*) fail "there is no program any more" ;; esac
