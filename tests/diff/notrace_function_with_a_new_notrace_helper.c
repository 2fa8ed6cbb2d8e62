// What is new needs no way to redirect it, and what the changed function needs comes along.
// expect: changed untraced
// expect: promoted calls
// expect: new helper
#include "kernel.h"
#ifdef PATCHED
static notrace noinline int helper(u64 x) { return printk("helper %lu\n", x); }
#endif
static notrace noinline int untraced(int x) {
#ifdef PATCHED
  if (x == 7) return helper(jiffies);
#endif
  return printk("%d\n", x);
}
int calls(int x) { return untraced(x + 1) + 1; }
