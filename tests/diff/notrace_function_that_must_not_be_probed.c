// NOKPROBE_SYMBOL() takes its address, but nobody calls it there.
// expect: changed untraced
// expect: promoted calls
#include "kernel.h"
static notrace noinline int untraced(int x) {
#ifdef PATCHED
  if (x == 7) return -1;
#endif
  return printk("%d\n", x);
}
static unsigned long __used _kbl_addr_untraced __section("_kprobe_blacklist") = (unsigned long)untraced;
int calls(int x) { return untraced(x + 1) + 1; }
