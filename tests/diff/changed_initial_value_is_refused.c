// The fix changes a default; the running kernel's variable holds what was set since.
// expect: refused data-changed limit
#include "kernel.h"
#ifdef PATCHED
int limit = 200;
#else
int limit = 100;
#endif
int get(void) { return limit; }
