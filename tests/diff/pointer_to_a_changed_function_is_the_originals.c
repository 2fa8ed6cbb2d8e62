// A changed function hands out its own address and that of another changed function: ftrace
// redirects both, and an address may outlive the live patch. Calls go straight to the new code.
// expect: changed handler
// expect: changed setup
// reference: handler
// no reference: setup
#include "kernel.h"
void register_handler(int (*)(int), int);
int handler(int x) {
#ifdef PATCHED
  if (x == 3) return 0;
#endif
  return printk("handler %d\n", x);
}
int setup(int x) {
  register_handler(handler, 1);
#ifdef PATCHED
  return handler(x) + 1;
#else
  return handler(x);
#endif
}
