// The hot half is equal to the byte: it must be replaced all the same, since only it can be entered.
// compilers: gcc
// expect: changed careful
#include "kernel.h"
void complain(const char *, int) __cold;
int careful(int x) {
  if (unlikely(x < 0)) {
#ifdef PATCHED
    complain("negative!\n", 2);
#else
    complain("negative\n", 1);
#endif
    return -22;
  }
  return printk("%d\n", x);
}
