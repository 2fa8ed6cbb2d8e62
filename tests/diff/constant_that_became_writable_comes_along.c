// A list of this file's functions, constant so far, is written by them now: the old one has never changed.
// expect: changed get
// expect[gcc]: warning data-copied table
#include "kernel.h"
#ifdef PATCHED
static int table[4] = {1, 2, 3};
#else
static const int table[4] = {1, 2, 3};
#endif
int get(int i) {
#ifdef PATCHED
  table[3] = i;
#endif
  return table[i & 3];
}
