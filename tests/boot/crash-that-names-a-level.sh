# a level that the trace of a crash names is held after the boot; a crash that names none holds none
case $boot in
  1)
    expect 0 agent apply --plan cmdline
    expect 0 agent apply --plan oopsing
    cat /proc/softirqs
    fail "the kernel is still there"
    ;;
  2)
    grep -q '\[oopsing\]' /sys/fs/pstore/dmesg-ramoops-* || fail "the kernel left no trace"
    expect 1 agent boot
    enabled cmdline || fail "what had no part in it is not in force"
    gone oopsing || fail "what crashed the kernel is in force again"
    expect 1 agent status
    says 'a crash that names oopsing'
    echo c >/proc/sysrq-trigger
    fail "the kernel is still there"
    ;;
  3)
    grep -q 'sysrq_handle_crash' /sys/fs/pstore/dmesg-ramoops-* || fail "the kernel left no trace"
    agent boot
    enabled cmdline || fail "a crash that named nobody keeps it out"
    gone oopsing || fail "what is held is in force"
    expect 0 agent release --all
    ;;
esac
