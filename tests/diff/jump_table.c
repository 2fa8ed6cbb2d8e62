// Kernels without retpolines have jump tables: constants that lead into the function.
// expect: changed dispatch
// flags: -fjump-tables
#include "kernel.h"
int a(int), b(int), c(int), d(int), e(int);
int dispatch(int x, int y) {
#ifdef PATCHED
  if (y == 5) return 0;
#endif
  switch (x) {
    case 0: return a(y) + 1;
    case 1: return b(y) * 2;
    case 2: return c(y) - 3;
    case 3: return d(y) / 4;
    case 4: return e(y) ^ 5;
    case 5: return a(y) + b(y);
    default: return -1;
  }
}
int dispatch_too(int x, int y) {
  switch (x) {
    case 0: return a(y) + 11;
    case 1: return b(y) * 12;
    case 2: return c(y) - 13;
    case 3: return d(y) / 14;
    case 4: return e(y) ^ 15;
    case 5: return a(y) - b(y);
    default: return -1;
  }
}
