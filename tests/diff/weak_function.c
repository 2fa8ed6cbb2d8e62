// A weak default that nothing overrides in this file.
// expect: changed hook
#include "kernel.h"
int __weak hook(int x) {
#ifdef PATCHED
  if (x == 4) return -22;
#endif
  return printk("hook %d\n", x);
}
