// KPATCH_IGNORE_FUNCTION: the author says that this change does not matter.
// expect: changed show
// expect: warning ignored-change untraced
#include "kernel.h"
int show(int x) {
#ifdef PATCHED
  if (!x) return 0;
#endif
  return printk("show %d\n", x);
}
notrace int untraced(int x) {
#ifdef PATCHED
  printk("more\n");
#endif
  return printk("untraced %d\n", x);
}
#ifdef PATCHED
static void *ignore_untraced __used __section(".kpatch.ignore.functions") = untraced;
#endif
