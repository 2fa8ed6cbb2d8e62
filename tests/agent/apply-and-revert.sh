# a live patch is applied, shown, and taken back
expect 0 agent plan --plan cmdline
says 'live patch cmdline (undone: yes)'
expect 0 agent apply --plan cmdline
says 'local cmdline: committed'
enabled cmdline || fail "it is not enabled"
grep -q ' first$' /proc/cmdline || fail "the kernel does not behave as patched"
expect 0 agent status
says 'live patch   cmdline: enabled'
says 'in force     local cmdline'
expect 0 agent apply --plan cmdline
says 'was in force already'
expect 0 agent revert
says 'local cmdline: undone'
expect 0 agent log
says ': local cmdline'
says 'asked: asked for by a person'
gone cmdline || fail "it is still there"
grep -q ' first$' /proc/cmdline && fail "the kernel still behaves as patched"
expect 3 agent revert
says 'nothing is in force'
