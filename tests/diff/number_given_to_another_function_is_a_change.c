// It looks like a line number on its way to a check, but the callee is an ordinary function.
// expect: changed first
#include "kernel.h"
void set_timeout(const char *name, int milliseconds);
int first(void) {
#ifdef PATCHED
  set_timeout("first", 1000);
#else
  set_timeout("first", 2000);
#endif
  return 0;
}
