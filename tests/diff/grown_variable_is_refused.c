// An array grew: the running kernel has no room for it.
// expect: refused data-changed slots
#include "kernel.h"
#ifdef PATCHED
int slots[8];
#else
int slots[4];
#endif
int get(int i) { return slots[i]; }
