// Compiled with the overlay, a changed helper is no longer inlined: its callers, which changed, call a new one.
// overlaid: yes
// expect: changed is_user
// expect: changed is_kernel
// expect: new limit
// reference: user_end
#include "kernel.h"
extern u64 user_end;
#ifdef OVERLAID
noinline
#else
__always_inline
#endif
static u64 limit(void) {
#ifdef PATCHED
  return runtime_const_ptr(user_end) - 1;
#else
  return runtime_const_ptr(user_end);
#endif
}
int is_user(u64 address) { return address < limit(); }
int is_kernel(u64 address) { return address >= limit(); }
int stays(int x) { return x / 3; }
