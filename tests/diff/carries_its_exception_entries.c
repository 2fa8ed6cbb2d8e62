// A read from user space that may fault: its fixup goes along.
// expect: changed reads_user
// section: __ex_table 12
#include "kernel.h"
int reads_user(const u32 *from) {
  u32 value = 0;
  if (get_user_u32(&value, from)) return -14;
#ifdef PATCHED
  if (value > 4096) return -22;
#endif
  return (int)value;
}
int reads_user_too(const u32 *from) {
  u32 value = 0;
  return get_user_u32(&value, from);
}
