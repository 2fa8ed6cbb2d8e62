// The descriptor of a pr_debug() holds its line, and its name a counter.
// expect: no change
#include "kernel.h"
#ifdef PATCHED
#line 100
static __always_inline int UNIQUE_ID(unused)(void) { return 0; }
#endif
int talks(int x) {
  pr_debug("talks\n");
  return x;
}
