// A static call whose key another file defines.
// expect: changed calls
// reference: __SCK__handler
// reference: __SCT__handler
// section: .static_call_sites 8
#include "kernel.h"
DECLARE_STATIC_CALL(handler);
int calls(int x) {
#ifdef PATCHED
  if (x == 3) return 0;
#endif
  return static_call_int(handler, x);
}
int calls_too(int x) { return static_call_int(handler, x + 1); }
