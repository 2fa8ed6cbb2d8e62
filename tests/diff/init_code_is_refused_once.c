// An init function changed, together with a new helper that only it calls: one refusal.
// expect: refused init-code proc_init
#include "kernel.h"
#ifdef PATCHED
static noinline int __init helper(int x) { return printk("helper %d\n", x); }
#endif
static int __init proc_init(void) {
#ifdef PATCHED
  helper(2);
#endif
  return printk("init\n");
}
initcall(proc_init);
int other(int x) { return x; }
