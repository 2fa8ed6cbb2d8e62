[ "$(cat /sys/kernel/irq/1/type)" = "edge (suture)" ] || exit 1
! cat /sys/class/*/*/type /sys/bus/*/devices/*/type 2>/dev/null | grep suture
