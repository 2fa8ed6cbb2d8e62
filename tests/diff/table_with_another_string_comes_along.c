// The table's own bytes are equal: only a string that it points to changed.
// expect: changed get
// expect: warning data-copied table
#include "kernel.h"
static const char *const table[] = {
    "one",
#ifdef PATCHED
    "deux",
#else
    "two2",
#endif
};
int get(int i) { return printk(table[i]); }
