# modules: loop
rmmod loop
old=$(dmesg | grep -c "suture: add")
modprobe loop
new=$(dmesg | grep -c "suture: add")
[ "$old" = "$new" ]
