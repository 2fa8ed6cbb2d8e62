[ "$(cat /sys/kernel/irq/1/type)" = edge ]
