# A key's passphrase comes from a file, a variable or the terminal; a wrong one signs nothing, and an argument is no way to give it.
echo "correct horse" >good
echo "battery" >bad
"$SUTURE" keys new root --passphrase-file good
grep -q "ENCRYPTED" root.key
test "$(stat -c %a root.key)" = 600
keys targets snapshot timestamp
"$SUTURE" keys init --role root=root.pub --role targets=targets.pub --role snapshot=snapshot.pub --role timestamp=timestamp.pub
cp draft/metadata.tar before
refused "root.key" "$SUTURE" sign --key root.key --passphrase-file bad
cmp before draft/metadata.tar
refused "there is no terminal to ask for the passphrase" setsid "$SUTURE" sign --key root.key
refused "has no variable NONE" "$SUTURE" sign --key root.key --passphrase-env NONE
PASSPHRASE="correct horse" "$SUTURE" sign --key root.key --passphrase-env PASSPHRASE
python3 - <<'END'
import os, pty, time
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(os.environ["SUTURE"], ["suture", "keys", "new", "typed"])
said = b""
for _ in range(2):
    while not said.endswith(b": "):
        said += os.read(terminal, 100)
    os.write(terminal, b"secret words\n")
    said += b"|"
try:
    while True:
        said += os.read(terminal, 1000)
except OSError:
    pass
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, said
assert b"secret" not in said, said
END
grep -q ENCRYPTED typed.key
refused "is there already" "$SUTURE" keys new root --no-passphrase
: >nothing
refused "empty" "$SUTURE" keys new empty --passphrase-file nothing
