mkfifo /tmp/fifo.$$
(exec cat /tmp/fifo.$$) &
until grep -q fifo_open /proc/$!/stack; do usleep 10000; done
cat /proc/$!/stack >/tmp/stack
echo >/tmp/fifo.$$
wait $! || exit 1
cat /tmp/stack
grep -q "wait_for_partner+.*\[stack_through_a_replaced_function\]" /tmp/stack && grep -q fifo_open /tmp/stack && grep -q entry_SYSCALL_64_after_hwframe /tmp/stack
