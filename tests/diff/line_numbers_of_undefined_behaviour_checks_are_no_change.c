// Lines moved; a check that fails would report another line, and nothing else.
// flags: -fsanitize=bounds,shift
// expect: no change
#include "kernel.h"
int numbers[8];
#ifdef PATCHED
#line 100
#endif
int show(int i, int x) { return numbers[i] << x; }
