grep -q "(suture)$" /proc/cmdline || exit 1
for who in behind_a_jump in_a_cold_part; do
  sh -c "printf $who >/proc/\$\$/comm; read line </proc/cmdline" >/dev/null 2>&1 </dev/null &
  until grep -q "^State:.*D" /proc/$!/status; do [ -d /proc/$! ] || exit 1; done
done
# Both are still asleep when the live patch is told to go.
