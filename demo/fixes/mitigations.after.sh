# with: auxv-whole.after.sh minix-read-only.after.sh set-auxv minix-image.sh
# modules: loop
(. ./auxv-whole.after.sh) && . ./minix-read-only.after.sh
