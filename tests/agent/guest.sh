# Runs the scenarios in the guest. Each begins on a host on which no agent ever was, and has these words:

fail() {
  echo "line: $*"
  exit 1
}
# expect CODE COMMAND...: runs it, keeps what it says in $said.
expect() {
  expected=$1
  shift
  said=$("$@" 2>&1)
  code=$?
  echo "\$ $* (exit code $code)"
  echo "$said"
  [ "$code" = "$expected" ] || fail "$* ended with $code, not $expected"
}
says() { case $said in *"$1"*) ;; *) fail "was not said: $1" ;; esac }
enabled() { [ "$(cat "/sys/kernel/livepatch/$1/enabled" 2>/dev/null)" = 1 ]; }
gone() { [ ! -e "/sys/kernel/livepatch/$1" ] && [ ! -e "/sys/module/$1" ]; }
# await COMMAND...: until it holds; some minutes at most.
await() {
  for _ in $(seq 1500); do
    "$@" && return
    usleep 100000
  done
  fail "never came true: $*"
}
agent() {
  command=$1
  shift
  suture-agent "$command" --config /agent.yaml "$@"
}

# The one that breaks the kernel comes last.
for script in $(ls /scenarios/*.sh | grep -v /oops) $(ls /scenarios/*.sh | grep /oops); do
  name=$(basename "$script" .sh)
  rm -rf /state /run/suture
  # In a shell of its own, whose end is the scenario's.
  if (. "$script") >/tmp/log 2>&1; then
    echo "ok   $name: $(sed -n '1s/^# //p' "$script")"
  else
    echo "FAIL $name: $(sed -n '1s/^# //p' "$script")"
    sed 's/^/  /' /tmp/log
    dmesg | tail -n 15 | sed 's/^/  kernel: /'
  fi
done
echo end
