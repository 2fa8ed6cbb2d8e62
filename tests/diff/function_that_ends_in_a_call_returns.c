// A tail call, to a static function and to one of another file, is a way to return.
// expect: changed passes_on
// expect: changed passes_out
// reference: local
#include "kernel.h"
int outside(int);
static noinline int local(int x) { return printk("%d\n", x); }
int passes_on(int x) {
#ifdef PATCHED
  x++;
#endif
  return local(x);
}
int passes_out(int x) {
#ifdef PATCHED
  x++;
#endif
  return outside(x);
}
int uses(int x) { return local(x) + 1; }
