# signed levels go up, down and away; the repository's highest is taken, and status names its fixes
expect 0 agent plan --from /served --level 1
says "$(uname -r) level 1"
expect 0 agent apply --from /served --level 1
expect 1 agent status
says 'cmdline.patch                bugfix    high'
says 'fixes that wait: somebody must say suture-agent apply'
expect 0 agent apply --from /served
says 'level 2: committed'
enabled level_2 || fail "it is not enabled"
gone level_1 || fail "level 1 stays"
expect 0 agent apply --from /served
says 'nothing to do'
expect 0 agent revert
enabled level_1 || fail "level 1 did not come back"
expect 0 agent revert
gone level_1 || fail "it is still there"
