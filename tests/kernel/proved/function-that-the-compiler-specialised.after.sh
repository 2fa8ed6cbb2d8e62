grep -q "^Tcp: Suture RtoAlgorithm" /proc/net/snmp
