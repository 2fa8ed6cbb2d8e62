mkfifo /tmp/fifo.$$
(exec cat /tmp/fifo.$$) &
until grep -q fifo_open /proc/$!/stack; do usleep 10000; done
echo >/tmp/fifo.$$
wait $!
