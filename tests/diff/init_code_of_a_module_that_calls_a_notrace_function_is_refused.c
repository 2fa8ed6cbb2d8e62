// The module may be loaded after the live patch, and its init code calls the old function then.
// object: soundcore
// expect: refused no-fentry untraced
#include "kernel.h"
static notrace noinline int untraced(int x) {
#ifdef PATCHED
  if (x == 7) return -1;
#endif
  return printk("%d\n", x);
}
int __init starts(int x) { return untraced(x + 2) + 1; }
int calls(int x) { return untraced(x + 1) + 1; }
