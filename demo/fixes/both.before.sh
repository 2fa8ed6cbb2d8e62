# with: auxv.before.sh minix.before.sh set-auxv minix-image.sh
# modules: loop
(. ./auxv.before.sh) && . ./minix.before.sh
