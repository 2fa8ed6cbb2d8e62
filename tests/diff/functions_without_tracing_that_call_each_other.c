// A loop has no end to follow it to, but its ways in do.
// expect: changed odd
// expect: promoted even
// expect: promoted enters
#include "kernel.h"
static notrace noinline int even(int x);
static notrace noinline int odd(int x) {
#ifdef PATCHED
  if (x == 7) return -1;
#endif
  return x ? even(x - 1) + printk("odd\n") : 0;
}
static notrace noinline int even(int x) { return x ? odd(x - 1) + printk("even\n") : 1; }
int enters(int x) { return odd(x) + 1; }
