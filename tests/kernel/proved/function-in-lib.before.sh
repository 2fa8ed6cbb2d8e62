! echo + 2>/dev/null >/sys/module/printk/parameters/time
