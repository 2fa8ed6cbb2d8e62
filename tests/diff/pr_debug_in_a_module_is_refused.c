// The switch of the debug message belongs to the module, which may be loaded after the live patch.
// object: scenario
// expect: refused module-pr-debug talks
#include "kernel.h"
int talks(int x) {
  pr_debug("talks\n");
#ifdef PATCHED
  if (x == 3) return 0;
#endif
  return x;
}
