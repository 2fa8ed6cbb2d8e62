printf "#!/bin/sh\ncat /proc/\$\$/comm\n" >/tmp/suture-old
chmod +x /tmp/suture-old
[ "$(/tmp/suture-old)" = suture-old ]
