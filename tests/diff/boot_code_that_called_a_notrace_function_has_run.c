// Init code of the kernel itself does not call again.
// expect: changed untraced
// expect: promoted calls
#include "kernel.h"
static notrace noinline int untraced(int x) {
#ifdef PATCHED
  if (x == 7) return -1;
#endif
  return printk("%d\n", x);
}
int __init starts(int x) { return untraced(x + 2) + 1; }
int calls(int x) { return untraced(x + 1) + 1; }
