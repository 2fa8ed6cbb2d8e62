// The changed code stands in two callers; both are replaced.
// expect: changed open
// expect: changed reopen
#include "kernel.h"
static inline bool allowed(int x) {
#ifdef PATCHED
  return x > 0 && x < 10;
#else
  return x > 0;
#endif
}
int open(int x) { return allowed(x) ? printk("open\n") : -1; }
int reopen(int x) { return allowed(x + 1) ? printk("reopen\n") : -2; }
int closes(int x) { return printk("close %d\n", x); }
