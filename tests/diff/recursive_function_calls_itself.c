// The new code's recursion stays in the new code.
// expect: changed depth
// no reference: depth
#include "kernel.h"
int depth(int *tree) {
  if (!tree) return 0;
#ifdef PATCHED
  if (*tree > 100) return 100;
#endif
  return depth((int *)(u64)tree[0]) + depth((int *)(u64)tree[1]) + printk("node\n");
}
