// Nothing refers to it.
// expect: no change
#include "kernel.h"
#ifdef PATCHED
static int came __used = 1;
#else
static int went __used = 1;
#endif
int get(void) { return 1; }
