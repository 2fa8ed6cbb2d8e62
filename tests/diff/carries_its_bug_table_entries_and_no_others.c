// Two functions warn; the entry of the one that changed goes along, the other's does not.
// expect: changed warns
// section: __bug_table 12
#include "kernel.h"
int warns(int x) {
#ifdef PATCHED
  if (x == 7) return 0;
#endif
  WARN_ON(x < 0);
  return 1;
}
int warns_too(int x) { return WARN_ON(x > 9); }
