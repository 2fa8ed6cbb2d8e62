// The fix drops `static`, for another of its files; the code is the same.
// expect: no change
#include "kernel.h"
#ifndef PATCHED
static
#endif
noinline int helper(int x) { return printk("helper %d\n", x); }
int use(int x) { return helper(x); }
