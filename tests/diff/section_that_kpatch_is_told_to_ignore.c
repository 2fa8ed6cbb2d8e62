// KPATCH_IGNORE_SECTION: the author says that these changes do not matter.
// expect: changed show
// expect: warning ignored-change start
// expect: warning ignored-change limit
#include "kernel.h"
int show(int x) {
#ifdef PATCHED
  if (!x) return 0;
#endif
  return printk("show %d\n", x);
}
static int __init start(void) {
#ifdef PATCHED
  printk("more\n");
#endif
  return printk("start\n");
}
initcall(start);
#ifdef PATCHED
int limit __read_mostly = 20;
static const char *ignore_init __used __section(".kpatch.ignore.sections") = ".init.text";
static const char *ignore_data __used __section(".kpatch.ignore.sections") = ".data..read_mostly";
#else
int limit __read_mostly = 10;
#endif
