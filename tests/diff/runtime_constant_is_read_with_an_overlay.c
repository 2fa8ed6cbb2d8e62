// What is carried reads the variable; what did not change stays, though its code differs with the overlay.
// overlaid: yes
// expect: changed is_user
// reference: user_end
// section: runtime_ptr_user_end 0
#include "kernel.h"
extern u64 user_end;
int is_user(u64 address) {
#ifdef PATCHED
  if (!address) return 0;
#endif
  return address < runtime_const_ptr(user_end);
}
int is_kernel(u64 address) { return address >= runtime_const_ptr(user_end); }
