// A new string at the top moves every other in the section; only its user changed.
// expect: changed first
#include "kernel.h"
int first(void) {
#ifdef PATCHED
  printk("a new and rather long line of text that comes before all others\n");
#endif
  return 0;
}
int second(void) { return printk("the second\n"); }
int third(void) { return printk("the third\n") + printk("second\n"); }
const char *const names[] = {"the second\n", "fourth"};
