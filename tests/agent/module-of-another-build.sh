# a level that patches a module is refused while a module of that name but another build is loaded
insmod /modules/rebuilt/minix.ko || fail "it is not taken"
expect 1 agent apply --from /served
says 'module-mismatch'
gone level_2 || fail "it is in force"
rmmod minix
insmod /modules/minix.ko
expect 0 agent apply --from /served
enabled level_2 || fail "it is not in force"
expect 0 agent revert
rmmod minix
