// One changed function is replaced; its neighbours, and the data that it shares with them, stay.
// expect: changed show
// reference: printk
// reference: shared
#include "kernel.h"
static int shared;
noinline static void neighbour(int x) { shared += x; }
int show(int x) {
#ifdef PATCHED
  if (x < 0) return -22;
#endif
  neighbour(x);
  return printk("shared is %d\n", shared);
}
int other(void) { return shared; }
