// Lines were added above: WARN(), WARN_ON_ONCE() and BUG() report other lines, and nothing else changed.
// expect: no change
#include "kernel.h"
#ifdef PATCHED
#line 100
#endif
int careful(int x) {
  WARN_ON(x < 0);
  if (WARN_ON_ONCE(x > 100)) return -22;
  if (x == 50) BUG();
  return x + 1;
}
