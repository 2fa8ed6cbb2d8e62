// In one function the line passed to might_sleep() moved and a constant changed as well.
// expect: changed first
#include "kernel.h"
void __might_sleep(const char *file, int line);
int first(int *x) {
#ifdef PATCHED
#line 100
#endif
  __might_sleep(__FILE__, __LINE__);
#ifdef PATCHED
  *x = 301;
#else
  *x = 300;
#endif
  return 0;
}
