// The author agreed to leave init code out, but it would have set up what the rest reads.
// options: --accept init-code
// expect: refused needs-init-code queue
#include "kernel.h"
#ifdef PATCHED
static void *queue;
#endif
int show(int x) {
#ifdef PATCHED
  if (queue) return 0;
#endif
  return printk("show %d\n", x);
}
static int __init proc_init(void) {
#ifdef PATCHED
  queue = (void *)(long)printk("queue\n");
#endif
  return printk("init\n");
}
initcall(proc_init);
