# with: auxv.after.sh minix.after.sh set-auxv minix-image.sh
# modules: loop
(. ./auxv.after.sh) && . ./minix.after.sh
