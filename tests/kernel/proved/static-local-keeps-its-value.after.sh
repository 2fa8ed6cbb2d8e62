# with: next-inode
# 5,000 pipes use up every CPU's batch of 1,024 numbers, so that new ones come from the static local.
oldest=$(ls -id /sys/kernel/debug/sched | awk '{print $1}')
new=$(./next-inode)
echo "inode $new, after $oldest at boot"
[ "$new" -gt 1073741824 ] && [ $((new - 1073741824)) -gt $((oldest + 5000)) ]
