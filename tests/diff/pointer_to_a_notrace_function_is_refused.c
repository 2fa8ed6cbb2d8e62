// Its address may be kept by whoever got it, since before the live patch came.
// expect: refused no-fentry untraced
#include "kernel.h"
static notrace noinline int untraced(int x) {
#ifdef PATCHED
  if (x == 7) return -1;
#endif
  return printk("%d\n", x);
}
void add_timer(int (*)(int));
int calls(int x) { return untraced(x) + 1; }
void starts(void) { add_timer(untraced); }
