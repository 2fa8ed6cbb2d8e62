# The host whose writes are kept: levels are applied, replaced and taken back.
expect 0 agent apply --plan cmdline
expect 0 agent apply --plan cmdline2
expect 0 agent revert
expect 0 agent revert
expect 0 agent hold 'local cmdline' --why 'to have one'
sync
