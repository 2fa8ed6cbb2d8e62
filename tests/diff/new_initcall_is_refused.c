// The fix registers something at boot. Boot is over.
// expect: refused registration .initcall6.init
#include "kernel.h"
static int __init start(void) { return printk("init\n"); }
initcall(start);
#ifdef PATCHED
static int __init start_too(void) { return printk("init too\n"); }
initcall(start_too);
#endif
