// A table reached through another: both come along, with who reads them.
// expect: changed get
// expect: warning data-copied limits
// expect: warning data-copied groups
#include "kernel.h"
static const int limits[] = {
    1,
#ifdef PATCHED
    3,
#else
    2,
#endif
};
static const int others[] = {5, 6};
static const struct group { const int *values; int count; } groups[] = {{limits, 2}, {others, 2}};
int get(int i, int j) { return groups[i].values[j] + groups[i].count; }
