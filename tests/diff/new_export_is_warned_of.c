// Modules other than the fix's own cannot link to what a live patch adds.
// expect: new fresh
// expect: warning export fresh
#include "kernel.h"
int shared(int x) { return printk("shared %d\n", x); }
EXPORT_SYMBOL(shared);
#ifdef PATCHED
int fresh(int x) { return x + 1; }
EXPORT_SYMBOL(fresh);
#endif
