// The running kernel calls the changed function, but compiled with the overlay there is none to replace it.
// overlaid: yes
// expect: refused runtime-constant limit
#include "kernel.h"
extern u64 user_end;
#ifdef OVERLAID
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
