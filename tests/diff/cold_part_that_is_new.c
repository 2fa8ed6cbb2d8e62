// The fix adds the unlikely code, and with it the split-off half.
// compilers: gcc
// expect: changed careful
#include "kernel.h"
void complain(const char *, int) __cold;
int careful(int x) {
#ifdef PATCHED
  if (unlikely(x < 0)) {
    complain("negative\n", 1);
    return -22;
  }
#endif
  return printk("%d\n", x);
}
