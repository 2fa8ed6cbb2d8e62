limit=$(cat /proc/sys/fs/pipe-max-size)
echo "pipes may have $limit bytes"
[ "$limit" = 1048576 ]
