! grep -q Suture /proc/net/snmp
