# A field that a fix adds where a shared struct has padding is refused; with --accept struct-padding it is built, and a warning names the field.
. "$(dirname "$0")/lib/fix.sh"
{
  fix net/bluetooth/bnep/bnep.h 's/^\tunsigned int  role;$/&\n\tunsigned int  added;/'
  fix net/bluetooth/bnep/core.c 's/ci->role  *= s->role;/ci->role = s->role | s->added;/'
} >fix.patch
refused "struct-padding: net/bluetooth/bnep/core.c: struct bnep_session" fix.patch

"$SUTURE" build fix.patch --kernel "$KERNEL" --name fix --output out --accept struct-padding >said
cat said
grep -q "^  warning: struct-layout: net/bluetooth/bnep/core.c: struct bnep_session: field added was added at byte 20" said
