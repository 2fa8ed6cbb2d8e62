// The code is equal to the byte: the message that it prints is not.
// expect: changed show
#include "kernel.h"
int show(void) {
#ifdef PATCHED
  return printk("after\n");
#else
  return printk("befor\n");
#endif
}
int other(void) { return printk("other\n"); }
