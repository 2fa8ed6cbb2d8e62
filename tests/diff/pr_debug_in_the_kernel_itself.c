// A changed function with pr_debug(): the message's switch is the running kernel's, and stays usable.
// expect: changed talks
// section: __dyndbg 0
// section: __jump_table 16
#include "kernel.h"
int talks(int x) {
  pr_debug("talks\n");
#ifdef PATCHED
  if (x == 3) return 0;
#endif
  return x;
}
int talks_too(int x) {
  pr_debug("talks too\n");
  return x;
}
