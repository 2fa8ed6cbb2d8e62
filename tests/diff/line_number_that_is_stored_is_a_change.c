// The function keeps its own line number: it does something else now.
// expect: changed where
#include "kernel.h"
int line;
#ifdef PATCHED
#line 100
#endif
void where(void) { line = __LINE__; }
