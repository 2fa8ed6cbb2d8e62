cp /bin/busybox /tmp/suture-forbidden
ln -sf /tmp/suture-forbidden /tmp/true-suture-forbidden
printf "#!/bin/sh\nexit 0\n" >/tmp/suture-forbidden.sh
chmod +x /tmp/suture-forbidden.sh
/tmp/suture-forbidden.sh
