# with: auxv.before.sh minix.before.sh set-auxv minix-image.sh
# modules: loop
# In phase "before" the live patch with the first fix is in force already.
{ [ "$PHASE" = before ] || (. ./auxv.before.sh); } && . ./minix.before.sh
