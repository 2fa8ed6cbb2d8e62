// Without a call to __fentry__ nothing can redirect the function.
// expect: refused no-fentry untraced
#include "kernel.h"
notrace int untraced(int x) {
#ifdef PATCHED
  if (x) return -1;
#endif
  return printk("%d\n", x);
}
