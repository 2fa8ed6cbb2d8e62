# with: auxv-whole.before.sh minix-read-only.before.sh set-auxv minix-image.sh
# modules: loop
# In phase "before" the live patch with the first mitigation is in force already.
{ [ "$PHASE" = before ] || (. ./auxv-whole.before.sh); } && . ./minix-read-only.before.sh
