// The way in runs where nothing may be traced.
// expect: refused noinstr enters
#include "kernel.h"
static notrace noinline int untraced(int x) {
#ifdef PATCHED
  if (x == 7) return -1;
#endif
  return printk("%d\n", x);
}
noinstr int enters(int x) { return untraced(x + 1) + 1; }
