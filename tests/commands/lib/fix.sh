# fix FILE EDIT: prints a fix to the kernel's FILE, which the sed script EDIT must change.
fix() {
  sed "$2" "$KIT/source/$1" >edited
  ! diff -u --label "a/$1" --label "b/$1" "$KIT/source/$1" edited
}

# refused "CODE: PLACE" ARGUMENT...: a build with these arguments is refused so, and leaves no module.
refused() {
  wanted=$1
  shift
  code=0
  "$SUTURE" build "$@" --kernel "$KERNEL" --name fix --output out >said || code=$?
  cat said
  [ $code = 4 ] && grep -qxF "  $wanted" said && [ ! -e out/fix.ko ]
}
