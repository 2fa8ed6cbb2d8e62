// A new function that only attributes keep in the object changes nothing.
// expect: no change
#include "kernel.h"
int get(void) { return 1; }
#ifdef PATCHED
static __used int nobody(void) { return 2; }
#endif
