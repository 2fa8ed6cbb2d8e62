// The changed function has one caller, which cannot be redirected, and is called by its address.
// expect: refused no-fentry caller
#include "kernel.h"
static notrace noinline int untraced(int x) {
#ifdef PATCHED
  if (x == 7) return -1;
#endif
  return printk("%d\n", x);
}
static notrace int caller(int x) { return untraced(x + 1) + 1; }
int (*hook)(int) = caller;
