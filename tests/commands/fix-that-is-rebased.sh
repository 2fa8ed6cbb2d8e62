# rebase says of each file of a fix how it fits another kernel, and writes the fix against that kernel's source, where it then applies in place.
. "$(dirname "$0")/lib/linked-kit.sh"
. "$(dirname "$0")/lib/fix.sh"
linked_kit cache

# The other kernel: of rebase's kits only records and sources are read. One file has the same text there; one has more
# at its end; in one, what the fix changes stands two lines lower.
other=9.9.9-other-amd64
mkdir -p "cache/kits/$other/source/fs/proc"
sed "s/$KERNEL/$other/g" "cache/kits/$KERNEL/kit.json" >"cache/kits/$other/kit.json"
theirs=$PWD/cache/kits/$other/source
cp "$KIT/source/fs/filesystems.c" "$theirs/fs/filesystems.c"
{ cat "$KIT/source/fs/proc/version.c"; echo '/* The end. */'; } >"$theirs/fs/proc/version.c"
{ printf '/* Two lines\n   more. */\n'; cat "$KIT/source/fs/proc/cmdline.c"; } >"$theirs/fs/proc/cmdline.c"

filesystems='s/tmp = tmp->next;/tmp = m->count > 4242 ? NULL : tmp->next;/'
version='s/seq_printf(m, linux_proc_banner,/seq_puts(m, "suture "); &/'
cmdline='s/seq_puts(m, saved_command_line);/seq_puts(m, "suture "); &/'
all() {
  fix fs/filesystems.c "$filesystems"
  fix fs/proc/version.c "$version"
  fix fs/proc/cmdline.c "$cmdline"
}
{ printf 'Subject: three files\n\nWhy.\n---\n'; all; } >fix.patch

"$SUTURE" rebase fix.patch --from "$KERNEL" --to "$other" --output rebased.patch >said
cat said
grep -q "^fix.patch applies to $other$" said
grep -q "^  unchanged  *fs/filesystems.c$" said
grep -q "^  in place  *fs/proc/version.c$" said
grep -A 1 "^  moved  *fs/proc/cmdline.c$" said | grep "Hunk #1 succeeded at [0-9]* (offset 2 lines)"

# What it wrote is the same edits of the other kernel's files, under the fix's own words.
{ printf 'Subject: three files\n\nWhy.\n---\n'; (KIT=$PWD/cache/kits/$other && all); } >wanted.patch
cmp rebased.patch wanted.patch
if cmp rebased.patch fix.patch; then exit 1; fi
"$SUTURE" rebase rebased.patch --from "$other" --to "$other" >said
cat said
[ "$(grep -c "^  unchanged " said)" = 3 ]

# A kernel that has the fix already.
patch -s -p1 -d "$theirs" <wanted.patch
code=0
"$SUTURE" rebase fix.patch --from "$KERNEL" --to "$other" --output again.patch >said || code=$?
cat said
[ $code = 3 ]
grep -q "^$other has fix.patch already$" said
[ ! -e again.patch ]
