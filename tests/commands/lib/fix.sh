# fix FILE EDIT: prints a fix to the kernel's FILE, which the sed script EDIT must change.
fix() {
  sed "$2" "$KIT/source/$1" >edited
  ! diff -u --label "a/$1" --label "b/$1" "$KIT/source/$1" edited
}
