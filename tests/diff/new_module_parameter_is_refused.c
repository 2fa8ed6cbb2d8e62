// A parameter is known to the kernel when it boots, or loads the module.
// expect: refused registration __param_depth
#include "kernel.h"
static int width = 1;
module_param(width);
#ifdef PATCHED
static int depth = 2;
module_param(depth);
#endif
int get(void) {
#ifdef PATCHED
  return ACCESS_ONCE(width) + ACCESS_ONCE(depth);
#else
  return ACCESS_ONCE(width);
#endif
}
