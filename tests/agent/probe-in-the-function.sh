# a kprobe in a function that a level replaces is told of: it sees nothing while the level is in force
# Behind the call of __fentry__, with or without ENDBR64 before it.
echo 'p:suture_probe cmdline_proc_show+9' >/sys/kernel/tracing/kprobe_events ||
  echo 'p:suture_probe cmdline_proc_show+5' >/sys/kernel/tracing/kprobe_events || fail "no kprobe"
echo 1 >/sys/kernel/tracing/events/kprobes/suture_probe/enable
expect 0 agent plan --plan cmdline
says 'probe-silenced'
echo 0 >/sys/kernel/tracing/events/kprobes/suture_probe/enable
echo >/sys/kernel/tracing/kprobe_events
expect 0 agent plan --plan cmdline
case $said in *probe-silenced*) fail "there is no probe any more" ;; esac
