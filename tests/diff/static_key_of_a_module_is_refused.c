// The key is the module's: the kernel reads a live patch's jump table before it knows the module.
// object: scenario
// expect: refused module-static-key tests
#include "kernel.h"
static struct static_key here;
int tests(int x) {
  if (static_branch_unlikely(&here)) return 1;
#ifdef PATCHED
  if (x == 3) return 0;
#endif
  return x;
}
void enable(void) { here.enabled = 1; }
