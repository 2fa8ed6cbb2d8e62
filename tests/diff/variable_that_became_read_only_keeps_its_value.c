// Nothing is written to it any more, so that the compiler puts it into read-only memory. The running
// kernel's copy stays where it is.
// expect: changed get
// expect: changed set
// reference: table
#include "kernel.h"
static int table[5] = {1, 2, 3, 4, 5};
int get(int i) {
#ifdef PATCHED
  if (i > 4) return 0;
#endif
  return table[i];
}
int set(int i) {
#ifndef PATCHED
  table[i] = i;
#endif
  return 0;
}
