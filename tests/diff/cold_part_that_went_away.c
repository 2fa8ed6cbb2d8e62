// The fix takes the unlikely code out.
// compilers: gcc
// expect: changed careful
#include "kernel.h"
void complain(const char *, int) __cold;
int careful(int x) {
#ifndef PATCHED
  if (unlikely(x < 0)) {
    complain("negative\n", 1);
    return -22;
  }
#endif
  return printk("%d\n", x);
}
