# Releases of the agent are signed by a role of their own: levels' keys do not suffice, nor are they taken for want of others.
repository
package suture-agent 1.0 "suture-fetch (= 1.0), systemd"
package suture-fetch 1.0
refused "nobody may sign for agent" "$SUTURE" agent add --deb suture-agent_1.0.deb --deb suture-fetch_1.0.deb
grep -q "suture keys rotate --role agent=" said
says "nothing is staged" "$SUTURE" sign
says "has no releases" "$SUTURE" agent list

keys heidi ivan
"$SUTURE" keys rotate --role agent=heidi.pub,ivan.pub --threshold agent=2
refused "depends on suture-fetch 1.0" "$SUTURE" agent add --deb suture-agent_1.0.deb
refused "suture-agent is not among them" "$SUTURE" agent add --deb suture-fetch_1.0.deb
package suture-fetch 1.1
refused "suture-fetch_1.1.deb: is version 1.1" "$SUTURE" agent add --deb suture-agent_1.0.deb --deb suture-fetch_1.1.deb
printf 'no package' >other.deb
refused "other.deb" "$SUTURE" agent add --deb other.deb
says "release 1 of the agent is version 1.0" "$SUTURE" agent add --deb suture-agent_1.0.deb --deb suture-fetch_1.0.deb

# Whoever signs levels, and all else, makes nothing of it go live; nor does one of the two.
"$SUTURE" sign --key targets.key --key snapshot.key
refused "agent, version 1: has 0 of 2 signatures" "$SUTURE" publish served --key timestamp.key
"$SUTURE" sign --key heidi.key
refused "agent, version 1: has 1 of 2 signatures" "$SUTURE" publish served --key timestamp.key
says "target agent/1/suture-agent_amd64.deb" "$SUTURE" sign --key ivan.key --key snapshot.key
"$SUTURE" publish served --key timestamp.key
verify
says "release 1   1.0  suture-agent amd64, suture-fetch amd64" verify
says "level 1" verify

# The next, from a draft that begins with what is served; its number and its version are new.
"$SUTURE" draft served
refused "version 1.0 is there twice" "$SUTURE" agent add --deb suture-agent_1.0.deb --deb suture-fetch_1.0.deb
package suture-agent 1.1
refused "release 1 of the agent is there already" "$SUTURE" agent add --release 1 --deb suture-agent_1.1.deb
"$SUTURE" agent add --release 4 --deb suture-agent_1.1.deb
refused "there is no release 2" "$SUTURE" agent floor 2
says "floor is 4, was 0" "$SUTURE" agent floor 4
says "agent  floor 4" "$SUTURE" agent list
# A role that is given new keys keeps its threshold.
"$SUTURE" keys rotate --role agent=heidi.pub,lab.pub
"$SUTURE" sign --key heidi.key --key targets.key
refused "agent, version 2: has 1 of 2 signatures" "$SUTURE" publish served --key timestamp.key
"$SUTURE" sign --key lab.key --key snapshot.key
"$SUTURE" publish served --key timestamp.key
says "release 4   1.1  suture-agent amd64" verify

# A bundle of one kernel has them, too: hosts of every kernel run the agent.
"$SUTURE" bundle export served one.bundle --root root.json --kernel "$KERNEL"
"$SUTURE" bundle import one.bundle inside --root root.json
says "release 4 " "$SUTURE" verify inside --root root.json

# A package that was changed where it is served.
deb=$(ls served/targets/agent/4/*.suture-agent_amd64.deb)
printf x | dd of="$deb" bs=1 seek=100 conv=notrunc status=none
refused "not trusted (mismatch)" verify
