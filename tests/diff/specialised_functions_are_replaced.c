// GCC's own copies of a function: without unused arguments (.isra), for one constant (.constprop).
// compilers: gcc
// flags: -fno-inline-functions-called-once -fno-inline-small-functions
// expect: changed scaled.constprop.0
// expect: changed reads.isra.0
// not with: gcc-4.8 which numbers its copies in another way
#include "kernel.h"
struct big { int a, b; };
static noinline int scaled(int x, int factor) {
#ifdef PATCHED
  if (x == 3) return 0;
#endif
  return printk("%d\n", x * factor) + factor;
}
static noinline int reads(struct big *big, int y) {
#ifdef PATCHED
  if (y == 4) y = 5;
#endif
  int a = big->a;
  return printk("%d\n", a + y) + a;
}
int use(struct big *big, int x) { return scaled(x, 8) + scaled(x + 1, 8) + reads(big, x) + reads(big, x + 1); }
