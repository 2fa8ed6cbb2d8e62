// A key that the fix itself adds is the live patch's own.
// object: scenario
// expect: changed tests
// expect: new enable
// section: __jump_table 16
#include "kernel.h"
#ifdef PATCHED
static struct static_key fresh;
void enable(void) { fresh.enabled = 1; }
#endif
int tests(int x) {
#ifdef PATCHED
  if (static_branch_unlikely(&fresh)) return 1;
#endif
  return x;
}
