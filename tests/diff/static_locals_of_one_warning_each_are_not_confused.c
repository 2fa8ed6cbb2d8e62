// WARN_ON_ONCE() and printk_once() leave a static behind each; a new one in a changed function does
// not matter to those that were there.
// expect: changed careful
#include "kernel.h"
int careful(int x) {
  WARN_ON_ONCE(x == 1);
#ifdef PATCHED
  WARN_ON_ONCE(x == 2);
#endif
  printk_once("once\n");
  return WARN_ON_ONCE(x == 3);
}
int careful_too(int x) { return WARN_ON_ONCE(x == 4); }
