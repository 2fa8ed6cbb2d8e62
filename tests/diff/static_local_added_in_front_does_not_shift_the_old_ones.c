// GCC numbers static locals in the order in which it meets them. A new `count` in a function above
// takes the number of the old one.
// expect: changed first
// expect: changed second
// reference: count
#include "kernel.h"
int first(int x) {
#ifdef PATCHED
  static int count = 77;
  count += x;
  return count;
#else
  return x;
#endif
}
int second(int x) {
  static int count = 3;
  count += x;
#ifdef PATCHED
  if (count < 0) count = 0;
#endif
  return count;
}
