// The same bytes, but another constant is filled in.
// overlaid: yes
// expect: changed is_user
// reference: task_end
// no reference: user_end
#include "kernel.h"
extern u64 user_end, task_end;
int is_user(u64 address) {
#ifdef PATCHED
  return address < runtime_const_ptr(task_end);
#else
  return address < runtime_const_ptr(user_end);
#endif
}
