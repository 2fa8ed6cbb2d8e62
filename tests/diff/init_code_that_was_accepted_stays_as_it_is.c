// An init function, and data of its own, changed beside a function that can be replaced; the author agreed.
// options: --accept init-code --accept init-data
// expect: changed show
// expect: warning unfixed proc_init
// expect: warning unfixed limits
#include "kernel.h"
int limits[] __attribute__((__section__(".init.data"))) = {
#ifdef PATCHED
    2,
#else
    1,
#endif
    3};
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
  return printk("init %d\n", limits[printk("")]);
}
initcall(proc_init);
