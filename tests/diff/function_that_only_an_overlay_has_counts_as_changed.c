// The fix inlines a function that the running kernel has; with the overlay it is there again. Nobody
// compared it: that it is the old one must not be taken for granted.
// overlaid: yes
// expect: changed is_user
// expect: changed limit
// no reference: limit
#include "kernel.h"
extern u64 user_end;
#if defined(PATCHED) && !defined(OVERLAID)
__always_inline
#else
noinline
#endif
static u64 limit(void) {
#ifdef PATCHED
  return runtime_const_ptr(user_end) - 1;
#else
  return runtime_const_ptr(user_end);
#endif
}
int is_user(u64 address) { return address < limit(); }
