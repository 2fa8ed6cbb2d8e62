// A static local of a changed function is the running kernel's, numbered or not.
// expect: changed next
// reference: count
#include "kernel.h"
int next(int x) {
  static int count = 3;
  count += x;
#ifdef PATCHED
  if (count < 0) count = 0;
#endif
  return count;
}
