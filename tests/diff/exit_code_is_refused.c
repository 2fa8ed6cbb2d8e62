// A module's exit function changed.
// object: scenario
// expect: refused exit-code leave
#include "kernel.h"
static void __exit leave(void) {
#ifdef PATCHED
  printk("more\n");
#endif
  printk("bye\n");
}
int other(int x) { return x; }
