// The function moves to .text.unlikely; its code is the same.
// expect: no change
// compilers: gcc
// flags: -falign-functions=1
#include "kernel.h"
#ifdef PATCHED
__cold
#endif
int rare(int x) { return x * 3; }
