# Runs the scenarios in the guest. Each begins on a host on which no agent ever was, and has these words:

fail() {
  echo "line: $*"
  exit 1
}
. /words.sh

# The one that breaks the kernel comes last.
for script in $(ls /scenarios/*.sh | grep -v /oops) $(ls /scenarios/*.sh | grep /oops); do
  name=$(basename "$script" .sh)
  rm -rf /state /run/suture
  # In a shell of its own, whose end is the scenario's.
  if (. "$script" && echo "${summary:-}" >/tmp/summary) >/tmp/log 2>&1; then
    echo "ok   $name: $(sed -n '1s/^# //p' "$script")"
    [ -z "$(cat /tmp/summary)" ] || sed "s/^/     /" /tmp/summary
  else
    echo "FAIL $name: $(sed -n '1s/^# //p' "$script")"
    sed 's/^/  /' /tmp/log
    dmesg | tail -n 15 | sed 's/^/  kernel: /'
  fi
done
echo end
