// Lines moved; a check that fails would report another line, and nothing else.
// flags: -fsanitize=bounds,shift
// expect: no change
// not with: gcc-4.8 which has no -fsanitize=bounds
#include "kernel.h"
int numbers[8];
#ifdef PATCHED
#line 100
#endif
int show(int i, int x) { return numbers[i] << x; }
