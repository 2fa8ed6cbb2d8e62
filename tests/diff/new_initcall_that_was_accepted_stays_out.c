// An initcall was added beside a change that can be made; the author agreed to leave it out.
// options: --accept registration
// expect: changed show
// expect: warning unfixed .initcall6.init
#include "kernel.h"
static int __init start(void) { return printk("init\n"); }
initcall(start);
#ifdef PATCHED
static int __init start_too(void) { return printk("init too\n"); }
initcall(start_too);
#endif
int show(int x) {
#ifdef PATCHED
  if (!x) return 0;
#endif
  return printk("show %d\n", x);
}
