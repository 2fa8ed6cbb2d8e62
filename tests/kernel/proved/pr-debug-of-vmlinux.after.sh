echo "func kobject_uevent_env +p" >/proc/dynamic_debug/control
echo change >/sys/class/mem/null/uevent
echo "func kobject_uevent_env -p" >/proc/dynamic_debug/control
dmesg | grep -q "suture: uevent of null" && dmesg | grep -q "kobject: 'null' .*: kobject_uevent_env"
