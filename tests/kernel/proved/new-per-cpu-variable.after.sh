for cpu in 0 0 1 1 1; do
  taskset -c $cpu cat /proc/cmdline
done
[ "$(taskset -c 0 sed 's/.*suture //' /proc/cmdline)" = "3 3" ]
