// Only another function of the file holds a constant that the kernel fills in at boot.
// expect: changed half
// section: runtime_ptr_user_end 0
#include "kernel.h"
extern u64 user_end;
int is_user(u64 address) { return address < runtime_const_ptr(user_end); }
int half(int x) {
#ifdef PATCHED
  if (x < 0) return 0;
#endif
  return x / 2;
}
