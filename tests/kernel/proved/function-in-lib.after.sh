echo N >/sys/module/printk/parameters/time
echo + >/sys/module/printk/parameters/time || exit 1
[ "$(cat /sys/module/printk/parameters/time)" = Y ]
