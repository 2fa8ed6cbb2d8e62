// A list that nothing writes became constant, and another.
// expect: changed get
// expect: warning data-copied names
#include "kernel.h"
#ifdef PATCHED
static const char *const names[] = {"a", "c"};
#else
static const char *names[] = {"a", "b"};
#endif
int get(int i) {
#ifdef PATCHED
  if (i > 1) return 0;
#endif
  return printk("%s", names[i]);
}
