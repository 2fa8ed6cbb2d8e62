// A row of a table changed that only this file's functions read: they are replaced, and the table comes along.
// expect: changed get
// expect: warning data-copied table
// section: .rodata.table 32
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
