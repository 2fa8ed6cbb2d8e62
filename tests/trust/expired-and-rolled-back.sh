# Metadata that expired is refused until it is renewed, people are told before, and a repository that was set back is refused by who saw the newer.
repository
verify --state seen
says "timestamp is good until .* WARNING" faketime -f +2.6d "$SUTURE" verify served --root root.json
refused "not trusted (expired): timestamp.json" faketime -f +4d "$SUTURE" verify served --root root.json
faketime -f +4d "$SUTURE" publish served --timestamp --key timestamp.key
faketime -f +4d "$SUTURE" verify served --root root.json
faketime -f +170d "$SUTURE" publish served --timestamp --key timestamp.key | tee said
grep -q "WARNING: targets is good until .* suture sign --renew targets" said
# The timestamp's key alone does not make up for the others.
refused "signatures are missing" faketime -f +200d "$SUTURE" publish served --timestamp --key timestamp.key
grep -q "targets" said

cp -r served old
add 2
sign_and_publish
verify --state seen
rm -r served
mv old served
refused "not trusted (rollback)" verify --state seen
