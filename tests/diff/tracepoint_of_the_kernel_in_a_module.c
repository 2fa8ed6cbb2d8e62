// The module's function fires a tracepoint of the kernel: its key is there at any time.
// object: scenario
// expect: changed fires
// reference: __tracepoint_sched
// section: __jump_table 16
#include "kernel.h"
DECLARE_TRACE(sched);
int fires(int x) {
  trace(sched, x);
#ifdef PATCHED
  if (x == 3) return 0;
#endif
  return x;
}
