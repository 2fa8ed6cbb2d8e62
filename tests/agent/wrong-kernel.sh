# on a kernel of another build than the level's nothing is applied, at boot neither, and an unknown kernel gets nothing
expect 0 agent apply --from /served --level 1
expect 0 agent revert
# The same release, built again: another build-id behind the header of its note ("GNU").
at=$(od -A n -v -t x4 -w4 /sys/kernel/notes |
  awk '$1 == "00000014" { l = NR } $1 == "00000003" && l == NR - 1 { print (NR + 1) * 4; exit }')
cp /sys/kernel/notes /tmp/notes
printf '\377\377\377' | dd of=/tmp/notes bs=1 seek="$at" conv=notrunc 2>/dev/null
: >/tmp/no-notes
another_kernel() { mount --bind /tmp/notes /sys/kernel/notes; }
unknown_kernel() { mount --bind /tmp/no-notes /sys/kernel/notes; }
this_kernel() { umount /sys/kernel/notes; }
another_boot() { # as the kernel tells it, whose live patches went with the last one
  umount /proc/sys/kernel/random/boot_id 2>/dev/null
  cat /proc/sys/kernel/random/uuid >/tmp/boot_id
  mount --bind /tmp/boot_id /proc/sys/kernel/random/boot_id
}

another_kernel
expect 0 agent apply --from /served
says 'nothing to do: /served has no level for'
expect 3 agent apply --from /served --level 1
says 'has no level for'
this_kernel
unknown_kernel
expect 3 agent apply --from /served
says 'the build-id of the running kernel cannot be read'
this_kernel
gone level_1 || fail "it is in force"

expect 0 agent apply --from /served --level 1
echo 0 >/sys/kernel/livepatch/level_1/enabled
await test ! -e /sys/kernel/livepatch/level_1
await rmmod level_1
another_boot
another_kernel
expect 0 agent boot
gone level_1 || fail "it is in force on a kernel that it is not for"
expect 0 agent status
says "committed    $(uname -r) level 1, for another kernel"
this_kernel
another_boot
unknown_kernel
expect 3 agent boot
gone level_1 || fail "it is in force on a kernel that nobody knows"
this_kernel
expect 0 agent boot
enabled level_1 || fail "it is not in force on the kernel that it is for"
# Nobody who cannot tell the kernel says that something is gone which is there.
unknown_kernel
agent revert
this_kernel
gone level_1 || fail "it was not taken back"
umount /proc/sys/kernel/random/boot_id
