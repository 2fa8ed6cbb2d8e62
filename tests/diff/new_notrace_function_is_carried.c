// A new function needs no place to redirect it from.
// expect: changed caller
// expect: new untraced
#include "kernel.h"
#ifdef PATCHED
static notrace noinline int untraced(int x) { return printk("%d\n", x); }
#endif
int caller(int x) {
#ifdef PATCHED
  return untraced(x) + 1;
#else
  return x;
#endif
}
