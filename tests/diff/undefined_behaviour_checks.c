// UBSAN describes each check in data that has no name in the object, and holds its line.
// flags: -fsanitize=bounds,shift
// expect: changed show
// not with: gcc-4.8 which has no -fsanitize=bounds
#include "kernel.h"
int numbers[8];
int show(int i, int x) {
#ifdef PATCHED
  if (!x) return 0;
#endif
  return numbers[i] << x;
}
int show_too(int i, int x) { return numbers[i] << (x + 1); }
