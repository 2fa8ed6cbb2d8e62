// Entry code must not be traced, so it cannot be redirected.
// expect: refused noinstr enter
#include "kernel.h"
noinstr int enter(int x) {
#ifdef PATCHED
  return x + 2;
#else
  return x + 1;
#endif
}
