// The name of an initcall's pointer holds its line and a counter.
// expect: no change
#include "kernel.h"
static int __init start(void) { return printk("init\n"); }
#ifdef PATCHED
#line 100
#endif
initcall(start);
