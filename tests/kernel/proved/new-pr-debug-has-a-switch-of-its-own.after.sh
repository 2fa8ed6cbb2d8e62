said() { dmesg | grep -c "suture was here"; }
cat /proc/cmdline >/dev/null
old=$(said)
echo 'format "suture was here" +p' >/proc/dynamic_debug/control
cat /proc/cmdline >/dev/null
new=$(said)
echo 'format "suture was here" -p' >/proc/dynamic_debug/control
cat /proc/cmdline >/dev/null
grep suture /proc/dynamic_debug/control
[ $((old + 1)) -eq "$new" ] && [ "$(said)" -eq "$new" ]
