// A function changed that could be replaced, and an init function as well.
// expect: refused init-code proc_init
#include "kernel.h"
int show(int x) {
#ifdef PATCHED
  if (!x) return 0;
#endif
  return printk("show %d\n", x);
}
static int __init proc_init(void) {
#ifdef PATCHED
  printk("more\n");
#endif
  return printk("init\n");
}
initcall(proc_init);
