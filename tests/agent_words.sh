# The words of scenarios that speak to the agent in a guest (tests/agent, tests/boot). Whoever reads this in has fail().

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
