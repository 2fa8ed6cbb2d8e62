// The fix adds a pr_debug(): its descriptor goes along.
// expect: changed talks
// section: __jump_table 32
#include "kernel.h"
int talks(int x) {
  pr_debug("talks\n");
#ifdef PATCHED
  if (x == 3) pr_debug("three\n");
#endif
  return x + 1;
}
