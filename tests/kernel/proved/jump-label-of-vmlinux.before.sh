! grep -q "^suture" /proc/self/sched
