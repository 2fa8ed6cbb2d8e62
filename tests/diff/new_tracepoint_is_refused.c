// Tracepoints are registered at boot, or when a module is loaded.
// expect: refused registration __tracepoint_sched
#include "kernel.h"
#ifdef PATCHED
DEFINE_TRACE(sched);
#endif
int fires(int x) {
#ifdef PATCHED
  trace(sched, x);
#endif
  return x;
}
