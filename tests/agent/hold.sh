# a held host applies nothing, at boot neither
expect 0 agent hold --why 'a test'
expect 1 agent apply --plan cmdline
says 'host-held'
expect 1 agent boot
gone cmdline || fail "it was loaded"
expect 0 agent release --host
expect 0 agent boot
expect 0 agent boot
says 'already'
