! grep -q Suture /sys/kernel/debug/wakeup_sources
