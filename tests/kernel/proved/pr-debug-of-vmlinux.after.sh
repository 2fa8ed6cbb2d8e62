# modules: loop
number=$((100 + $$ % 900))
mknod /tmp/loop$number b 7 $number
echo "func device_add +p" >/proc/dynamic_debug/control
dd if=/tmp/loop$number of=/dev/null count=0 2>/dev/null
echo "func device_add -p" >/proc/dynamic_debug/control
dmesg | grep -q "suture: added loop$number" && dmesg | grep -q "device: 'loop$number': device_add"
