# modules: loop
rmmod loop
echo "func device_add +p" >/proc/dynamic_debug/control
modprobe loop
echo "func device_add -p" >/proc/dynamic_debug/control
dmesg | grep -q "suture: add" && dmesg | grep -q "device: '.*': device_add"
