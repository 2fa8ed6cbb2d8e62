# modules: loop
# The first look at a loop device makes it.
number=$((100 + $$ % 900))
old=$(dmesg | grep -c "suture: added")
mknod /tmp/loop$number b 7 $number
dd if=/tmp/loop$number of=/dev/null count=0 2>/dev/null
new=$(dmesg | grep -c "suture: added")
[ "$old" = "$new" ]
