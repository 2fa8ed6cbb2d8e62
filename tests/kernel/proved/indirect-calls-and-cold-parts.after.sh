[ "$(dd if=/proc/version bs=8 count=2 2>/dev/null | wc -c)" -eq 15 ] && [ "$(cat /proc/version | wc -l)" -eq 1 ]
