// Nothing replaced calls the caller that the fix takes away: it needs no replacement.
// expect: changed untraced
// expect: changed calls
#include "kernel.h"
static notrace noinline int untraced(int x) {
#ifdef PATCHED
  if (x == 7) return -1;
#endif
  return printk("%d\n", x);
}
#ifdef PATCHED
int calls(int x) { return untraced(x + 3) + 1; }
#else
static notrace noinline int between(int x) { return untraced(x + 1) + 1; }
int calls(int x) { return between(x + 1) + 1; }
#endif
