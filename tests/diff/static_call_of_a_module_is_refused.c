// A static call whose key the module defines.
// object: scenario
// expect: refused module-static-call calls
#include "kernel.h"
struct static_call_key __SCK__handler = {NULL, NULL};
int __SCT__handler(int x) { return x; }
int calls(int x) {
#ifdef PATCHED
  if (x == 3) return 0;
#endif
  return static_call_int(handler, x);
}
