// What the shipped object has, livepatch finds, be it local or global; what it has not is left to the loader.
// object: scenario
// symbols: self
// expect: changed show
// reference: .klp.sym.scenario.count,0
// reference: .klp.sym.scenario.other,0
// reference: printk
#include "kernel.h"
static __used int count;
noinline int other(int x) { return printk("%d\n", x); }
int show(int x) {
#ifdef PATCHED
  if (x < 0) return 0;
#endif
  count += x;
  return other(x) + printk("%d\n", count);
}
