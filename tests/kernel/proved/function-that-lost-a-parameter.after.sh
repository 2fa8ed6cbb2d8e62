grep -q "^Suture deleted " /sys/kernel/debug/wakeup_sources
