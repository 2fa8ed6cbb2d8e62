// The fix calls a new helper, which calls another new one, which calls an old one.
// expect: changed entry
// expect: new helper
// expect: new deeper
// reference: old
// no reference: helper
#include "kernel.h"
noinline static int old(int x) { return printk("%d\n", x); }
#ifdef PATCHED
noinline static int deeper(int x) { return old(x) + 1; }
noinline static int helper(int x) { return deeper(x) * x; }
#endif
int entry(int x) {
#ifdef PATCHED
  return helper(x);
#else
  return old(x);
#endif
}
