# Builds of a fix that was never built before, at the same time and in one cache, all make the same module.
sed "s/suture/suture $$ $(date +%s)/" "$FIX" >fix.patch
for name in a b c; do
  "$SUTURE" build fix.patch --kernel "$KERNEL" --output $name &
done
wait
"$SUTURE" build fix.patch --kernel "$KERNEL" --output d
for name in a b c; do
  cmp d/livepatch_fix.ko $name/livepatch_fix.ko
done
