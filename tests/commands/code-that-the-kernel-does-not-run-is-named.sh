# match compares an object with what the kernel runs, function by function, and names the first instruction that differs.
module=$(find "$KIT/shipped" -name minix.ko -o -name minix.ko.xz)
case $module in
  *.xz) xz -dc "$module" >minix.ko ;;
  *) cp "$module" minix.ko ;;
esac
"$SUTURE" match minix.ko --object minix --kernel "$KERNEL"

cp minix.ko other.o
place=$("$(dirname "$0")/lib/put-ud2.py" other.o minix_lookup)
if "$SUTURE" match other.o --object minix --kernel "$KERNEL" >said; then exit 1; fi
cat said
grep -q "$place" said
grep -q ud2 said
