// might_sleep() hands its line to a function that only prints it; the line moved by one.
// expect: no change
#include "kernel.h"
void __might_sleep(const char *file, int line);
void __might_resched(const char *file, int line, unsigned int offsets);
int first(void *lock) {
#ifdef PATCHED
#line 100
#endif
  __might_sleep(__FILE__, __LINE__);
  mutex_lock(lock);
  __might_resched(__FILE__, __LINE__, 0);
  return 0;
}
