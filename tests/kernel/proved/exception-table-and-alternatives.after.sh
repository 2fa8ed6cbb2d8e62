# with: list-into-nowhere
mkdir -p /tmp/d
touch /tmp/d/suture-hidden /tmp/d/shown
[ "$(ls /tmp/d)" = shown ] && ./list-into-nowhere
