// CONFIG_CALL_PADDING: 16 bytes of no-ops lead up to each function, under no name of their own.
// compilers: gcc
// flags: -fpatchable-function-entry=16,16 -fcf-protection=branch
// expect: changed show
// reference: neighbour
// not with: gcc-4.8 which has no -fpatchable-function-entry
#include "kernel.h"
noinline static int neighbour(int x) { return printk("%d\n", x); }
int show(int x) {
#ifdef PATCHED
  if (!x) return 0;
#endif
  return neighbour(x) + 1;
}
int other(int x) { return neighbour(x) + 2; }
