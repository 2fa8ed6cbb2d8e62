// The kernel fills the constant in at boot, in vmlinux only.
// expect: refused runtime-constant is_user
#include "kernel.h"
extern u64 user_end;
int is_user(u64 address) {
#ifdef PATCHED
  if (!address) return 0;
#endif
  return address < runtime_const_ptr(user_end);
}
int is_kernel(u64 address) { return address >= runtime_const_ptr(user_end); }
