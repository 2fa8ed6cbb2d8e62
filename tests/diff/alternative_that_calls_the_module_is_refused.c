// The kernel applies a live patch's alternatives before it binds it to the module, so that the call
// in the replacement would lead nowhere.
// object: scenario
// expect: refused module-alternative copies
#include "kernel.h"
void fast_copy(void) { printk("fast\n"); }
void slow_copy(void);
int copies(int x) {
#ifdef PATCHED
  x = x * 3 + 1;
#endif
  asm volatile(ALTERNATIVE("call slow_copy", "call fast_copy", 0x123) : : : "memory");
  return x;
}
