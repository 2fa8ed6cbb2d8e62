! grep -q suture /proc/cmdline || exit 1
# Nobody sleeps in code that has gone.
for who in $(grep -l -e behind_a_jump -e in_a_cold_part /proc/[0-9]*/comm); do
  ! grep "^State:.*D" ${who%comm}status || exit 1
done
