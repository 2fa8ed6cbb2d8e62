// The tracepoint's key is the module's own.
// object: scenario
// expect: refused module-tracepoint fires
#include "kernel.h"
DEFINE_TRACE(sched);
int fires(int x) {
  trace(sched, x);
#ifdef PATCHED
  if (x == 3) return 0;
#endif
  return x;
}
