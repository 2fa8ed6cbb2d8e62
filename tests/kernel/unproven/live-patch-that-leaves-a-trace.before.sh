[ "$(cat /proc/sys/fs/pipe-max-size)" = 1048576 ]
