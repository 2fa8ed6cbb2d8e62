// A changed function fires a tracepoint that this file defines.
// expect: changed fires
// reference: __tracepoint_sched
// section: __jump_table 16
// section: __tracepoints 0
// section: __tracepoints_ptrs 0
#include "kernel.h"
DEFINE_TRACE(sched);
int fires(int x) {
  trace(sched, x);
#ifdef PATCHED
  if (x == 3) return 0;
#endif
  return x;
}
void fires_too(int x) { trace(sched, x); }
