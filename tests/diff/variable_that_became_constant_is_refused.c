// The same value, but in memory of another kind.
// expect: refused data-changed limit
#include "kernel.h"
#ifdef PATCHED
int limit __ro_after_init = 7;
const int table[2] = {1, 2};
#else
int limit __ro_after_init = 8;
const int table[2] = {1, 2};
#endif
int get(int i) { return limit + table[i]; }
