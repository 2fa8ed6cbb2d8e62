// One body with two names, as system calls have: it is replaced once.
// compilers: gcc
// expect: changed do_it
#include "kernel.h"
int do_it(int x) {
#ifdef PATCHED
  if (x == 4) return -22;
#endif
  return printk("do it %d\n", x);
}
int also(int x) __attribute__((alias("do_it")));
