// Whoever reads the table goes on calling the old code, and nothing stands in its way.
// expect: refused no-fentry untraced
#include "kernel.h"
static notrace int untraced(int x) {
#ifdef PATCHED
  if (x == 7) return -1;
#endif
  return printk("%d\n", x);
}
struct operations {
  int (*open)(int);
};
const struct operations table = {.open = untraced};
