// GCC split unlikely code off; the change is in the other half.
// compilers: gcc
// expect: changed careful
#include "kernel.h"
void complain(const char *, ...) __cold;
int careful(int x) {
  if (unlikely(x < 0)) {
    complain("negative %d\n", x);
    return -22;
  }
#ifdef PATCHED
  if (x == 12) return 0;
#endif
  return printk("%d\n", x);
}
int careful_too(int x) {
  if (unlikely(x < 0)) {
    complain("negative too %d\n", x);
    return -22;
  }
  return printk("too %d\n", x);
}
