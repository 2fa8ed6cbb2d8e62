# a repository that was set back to what it was is refused by whom it showed more
expect 0 agent apply --from /older
says 'level 1: committed'
expect 0 agent apply --from /served
expect 3 agent apply --from /older
says 'not trusted (rollback)'
enabled level_2 || fail "what is in force went"
expect 0 agent revert --all
gone level_1 || fail "it is still there"
