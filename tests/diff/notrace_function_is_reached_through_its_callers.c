// Nothing can redirect a function without a call to __fentry__, but everything that calls it can be.
// expect: changed untraced
// expect: promoted opens
// expect: promoted jumps
#include "kernel.h"
static notrace noinline int untraced(int x) {
#ifdef PATCHED
  if (x == 7) return -1;
#endif
  return printk("%d\n", x);
}
int opens(int x) { return untraced(x + 1) + 1; }
int jumps(int x) { return untraced(x + 2); }
int does_not_care(int x) { return printk("%d\n", x); }
