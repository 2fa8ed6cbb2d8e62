# A key that was taken away can publish nothing; hosts follow the roots, and what it had signed is signed anew.
repository
keys targets2
"$SUTURE" keys rotate --role targets=targets2.pub --role "linux-$(echo "$KERNEL" | cut -d. -f1,2)=targets2.pub"
"$SUTURE" sign --key root.key --key targets.key
refused "targets, version 2: has 0 of 1 signatures" "$SUTURE" publish served --key timestamp.key
"$SUTURE" sign --key targets2.key --key snapshot.key
"$SUTURE" publish served --key timestamp.key
verify

add 2
refused "there is nothing that this key may sign" "$SUTURE" sign --key targets.key
"$SUTURE" sign --key targets2.key --key snapshot.key
"$SUTURE" publish served --key timestamp.key
says "level 2" verify
says "$("$SUTURE" keys show targets2.pub | cut -d' ' -f1)" "$SUTURE" keys show served/metadata/2.root.json
