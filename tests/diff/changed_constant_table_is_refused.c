// A row of a table changed, which functions that did not change read.
// expect: refused data-changed table
#include "kernel.h"
static const struct { const char *name; int value; } table[] = {
    {"a", 1},
#ifdef PATCHED
    {"b", 3},
#else
    {"b", 2},
#endif
};
int get(int i) { return table[i].value + printk("%s", table[i].name); }
