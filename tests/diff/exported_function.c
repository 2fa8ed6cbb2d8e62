// The replacement must not be exported a second time.
// expect: changed shared
// section: ___ksymtab+shared 0
#include "kernel.h"
int shared(int x) {
#ifdef PATCHED
  if (x == 4) return -22;
#endif
  return printk("shared %d\n", x);
}
EXPORT_SYMBOL(shared);
