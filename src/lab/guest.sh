#!/bin/busybox sh
# PID 1 of a proving guest. Loads what /suture holds, step by step, and reports on ttyS1.
#
#   /suture/mode              "baseline" or "patched"
#   /suture/limits            seconds a script and a transition may take
#   /suture/patches           the numbers of the live patches, in order
#   /suture/patch/N/          one of them: name, live.ko, targets (modules that it patches), early and
#                             late (modules to insert before and after it, in order), and perhaps
#                             over.ko with over_name, before.sh and after.sh with the directories
#                             before and after, in which they run
#   /suture/modules/          the modules
#
# A record on ttyS1 is "\036KIND PATCH LENGTH\n", LENGTH bytes, "\n". Kernel messages go to ttyS0,
# so they cannot tear it. Every patch's own kernel log is sent when it is done; if the kernel dies
# first, the console has it, between the marks that mark() writes.

/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t debugfs debugfs /sys/kernel/debug
stty -F /dev/ttyS1 raw -echo
mkfifo /run/nothing
exec 3>/dev/ttyS1 4<>/run/nothing </dev/null

livepatch=/sys/kernel/livepatch
mode=$(cat /suture/mode)
read -r script_limit transition_limit </suture/limits
patch=0

# Forking is slow in an emulated guest: what is done often is done with the shell's own words.

# record KIND FILE
record() {
  printf '\036%s %d %d\n' "$1" "$patch" "$(wc -c <"$2")" >&3
  cat "$2" >&3
  echo >&3
}
# say KIND TEXT
say() { printf '\036%s %d %d\n%s\n' "$1" "$patch" ${#2} "$2" >&3; }
mark() { echo "<6>suture: patch $patch $*" >/dev/kmsg; }
read_uptime() { read -r now _ </proc/uptime; }
# Not with read, which takes one byte at a time: a sysctl gives its value to the first read only.
read_taint() { taint=$(cat /proc/sys/kernel/tainted); }
send_log() {
  dmesg -r -c >/run/log
  record log /run/log
}

# step NAME COMMAND...: carries out, and records name, status, begin, end and what was said.
step() {
  step_name=$1
  shift
  mark "$step_name"
  say start "$step_name"
  read_uptime
  step_begin=$now
  "$@" >/run/out 2>&1
  step_status=$?
  read_uptime
  {
    echo "$step_name"
    echo "$step_status $step_begin $now"
    tail -c 16384 /run/out
  } >/run/step
  record step /run/step
  return $step_status
}

# until_true SECONDS COMMAND...: asks every 50 ms. It ends with the status of the last command in its loop.
until_true() {
  read_uptime
  until_end=$((${now%.*} + $1))
  shift
  until "$@"; do
    read_uptime
    [ "${now%.*}" -le $until_end ] || return 1
    read -r -t 0.05 -u 4 _ || :
  done
}

# In the background, so that a script stuck in the kernel does not take us with it.
script() { # PHASE NAME
  rm -f /run/status
  (
    cd "$here/$2" || exit
    PHASE=$1 MODULES=/suture/modules sh "../$2.sh"
    echo $? >/run/status.new
    mv /run/status.new /run/status
  ) &
  script_pid=$!
  if until_true "$script_limit" test -e /run/status; then
    return "$(cat /run/status)"
  fi
  kill -9 $script_pid
  echo "did not end within $script_limit seconds"
  return 124
}

is_loaded() { [ -e "/sys/module/$1/initstate" ]; }
is_settled() { read -r transition <"$livepatch/$1/transition" && [ "$transition" = 0 ]; }
is_gone() { [ ! -e "$livepatch/$1" ]; }

# Tasks that have not reached the state that the transition goes to.
# /proc/PID/patch_state: -1 outside a transition, else 0 unpatched, 1 patched.
blocking_tasks() { # STATE
  for task in /proc/[0-9]*/task/[0-9]*; do
    [ "$(cat "$task/patch_state" 2>/dev/null)" = "$1" ] || continue
    echo "${task##*/} $(cat "$task/comm")"
    sed 's/^/  /' "$task/stack"
  done 2>/dev/null
}
stalled() { # NAME STATE
  blocking_tasks "$2" | head -c 16384 >/run/blocking
  record blocking /run/blocking
  echo "the transition of $1 did not end within $transition_limit seconds"
  return 1
}

load() { # NAME FILE
  insmod "$2" || return
  until_true "$transition_limit" is_settled "$1" || stalled "$1" 0
}
disable() { # NAME
  echo 0 >"$livepatch/$1/enabled" || return
  until_true "$transition_limit" is_gone "$1" || stalled "$1" 1
}
unload() { # NAME
  until_true 5 rmmod "$1" 2>/dev/null || rmmod "$1"
}
replaced() { # NAME
  until_true 5 is_gone "$1" && return
  echo "$1 is still in $livepatch: the live patch did not replace it"
  return 1
}

# A module may refuse for want of its hardware; the host compares that with the baseline.
insert() { # FILE
  for module in $(cat "$1"); do
    is_loaded "$module" || step "insert $module" insmod "/suture/modules/$module.ko"
  done
}
insert_late() {
  insert "$here/late"
  inserted=yes
}
remove_modules() {
  for module in $(cat "$here/early" "$here/late" | tac); do
    is_loaded "$module" && rmmod "$module" 2>/dev/null
  done
}

# "OBJECT PATCHED LOADED" for each object of the live patch, in /sys/kernel/livepatch/NAME.
objects() {
  for object in "$livepatch/$name"/*/; do
    object=${object%/}
    loaded=0
    if [ "${object##*/}" = vmlinux ] || [ "$(cat "/sys/module/${object##*/}/initstate" 2>/dev/null)" = live ]; then
      loaded=1
    fi
    echo "${object##*/} $(cat "$object/patched") $loaded"
  done >/run/objects
  record objects /run/objects
}

run_script() { # PHASE FILE
  [ -e "$here/$2.sh" ] || return 0
  step "$2 ($1)" script "$1" "$2"
}
load_over() {
  [ -z "$over_name" ] || step "load $over_name" load "$over_name" "$here/over.ko"
}
leave_over() {
  [ -z "$over_name" ] || {
    step "replace $over_name" replaced "$over_name" && step "unload $over_name" unload "$over_name"
  }
}
# Before the first loading the patched modules are not there, so a script could not see them.
script_before() {
  [ -n "$(cat "$here/targets")" ] && [ -z "$inserted" ] || run_script before before
}

round() {
  load_over &&
    script_before &&
    step "load $name" load "$name" "$here/live.ko" &&
    leave_over &&
    insert_late &&
    objects &&
    run_script patched after &&
    step "disable $name" disable "$name" &&
    step "unload $name" unload "$name" &&
    run_script reverted before
}

# After a failure: leaves nothing loaded, if the kernel lets us, and sees whether all is as it was.
recover() {
  for loaded in "$name" $over_name; do
    is_gone "$loaded" || step "recover: disable $loaded" disable "$loaded"
    is_loaded "$loaded" && step "recover: unload $loaded" unload "$loaded"
  done
  is_gone "$name" && ! is_loaded "$name" && { [ -z "$over_name" ] || ! is_loaded "$over_name"; } &&
    run_script reverted before
}

# 4096 out of tree, 8192 unsigned, 32768 live patch
has_new_taint() {
  read_taint
  [ $((taint & ~$1 & ~(4096 | 8192 | 32768))) -ne 0 ]
}

# A kernel that cannot be brought back, or is tainted by this patch, must not judge the next one.
prove_patch() { # TAINT
  insert "$here/early"
  if [ "$mode" = baseline ]; then
    insert_late
    run_script baseline before
  else
    round && round || recover || state=dirty
    has_new_taint "$1" && state=dirty
  fi
  remove_modules
}

say boot "$(uname -r)"
send_log
for patch in $(cat /suture/patches); do
  here=/suture/patch/$patch
  name=$(cat "$here/name")
  over_name=$(cat "$here/over_name" 2>/dev/null)
  inserted=
  state=clean
  mark begins
  read_taint
  say begin "$taint"
  prove_patch "$taint"
  mark ends
  send_log
  read_taint
  say end "$state $taint"
  [ $state = clean ] || break
done
say "done" ""
exec 3>&-
poweroff -f
