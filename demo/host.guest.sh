# What a person types on the host. before.sh and after.sh pass on a kernel without and with the live patch.
chmod +x /set-auxv
cd /
shows() { sh "/$1.sh" || { echo "the kernel does not behave as it should $1"; exit 1; }; }
run() {
  echo "\$ $*"
  "$@" || exit 1
}

shows before
run suture-agent plan
run suture-agent apply
run suture-agent status
shows after
run suture-agent revert
shows before
echo "as it was before"
