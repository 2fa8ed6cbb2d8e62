# modules: nf_tables
[ -d /sys/module/nf_tables ]
