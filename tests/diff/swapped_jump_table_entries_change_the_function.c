// Two cases changed places in the jump table: perhaps nothing else in the object tells.
// expect: changed dispatch
// flags: -fjump-tables
#include "kernel.h"
int a(int), b(int), c(int), d(int), e(int);
#ifdef PATCHED
enum { first = 1, second = 0 };
#else
enum { first = 0, second = 1 };
#endif
int dispatch(int x, int y) {
  switch (x) {
    case first: return a(y) + 1;
    case second: return b(y) * 2;
    case 2: return c(y) - 3;
    case 3: return d(y) / 4;
    case 4: return e(y) ^ 5;
    default: return -1;
  }
}
