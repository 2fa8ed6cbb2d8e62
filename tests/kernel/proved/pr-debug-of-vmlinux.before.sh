old=$(dmesg | grep -c "suture: uevent of null")
echo change >/sys/class/mem/null/uevent
new=$(dmesg | grep -c "suture: uevent of null")
[ "$old" = "$new" ]
