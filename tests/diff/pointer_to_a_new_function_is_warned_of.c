// A timer or table may keep the new function's address after the live patch is gone.
// expect: changed setup
// expect: new handler
// expect: warning escaping-pointer setup
#include "kernel.h"
void register_handler(int (*)(int), int);
#ifdef PATCHED
static int handler(int x) { return printk("handler %d\n", x); }
#endif
void setup(void) {
#ifdef PATCHED
  register_handler(handler, 1);
#else
  register_handler(NULL, 0);
#endif
}
