// The fix writes to what is read-only in the running kernel, for good or since it has booted.
// expect: refused data-changed table
// expect: refused data-changed limit
#include "kernel.h"
#ifdef PATCHED
int table[5] = {1, 2, 3, 4, 5};
int limit = 8;
#else
const int table[5] = {1, 2, 3, 4, 5};
int limit __ro_after_init = 8;
#endif
int get(int i) {
#ifdef PATCHED
  table[i] = limit++;
#endif
  return limit + table[i];
}
