# a task that sleeps in the patched function is named with its stack, and the live patch taken back
sleep 1000 &
sleeper=$!
await grep -q nanosleep /proc/$sleeper/stack
expect 1 agent apply --plan sleeping
says 'undone: stalled'
says "blocked by process $sleeper (sleep)"
says 'hrtimer_nanosleep'
gone sleeping || fail "it is still there"
kill $sleeper
expect 1 agent apply --plan sleeping
says 'refused: held'
expect 0 agent release 'local sleeping'
