// The caller cannot be redirected either, nor can its caller.
// expect: changed innermost
// expect: promoted middle
// expect: promoted outer
// expect: promoted traced
#include "kernel.h"
static notrace noinline int innermost(int x) {
#ifdef PATCHED
  if (x == 7) return -1;
#endif
  return printk("%d\n", x);
}
static notrace noinline int middle(int x) { return innermost(x + 1) + 1; }
static notrace noinline int outer(int x) { return middle(x + 1) + 1; }
noinline int traced(int x) { return outer(x + 1) + 1; }
int above(int x) { return traced(x) + 1; }
