# with: list-into-nowhere
mkdir -p /tmp/d
touch /tmp/d/suture-hidden
ls /tmp/d | grep -q suture-hidden
