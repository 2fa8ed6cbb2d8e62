// A static call whose key the module defines: the live patch is loaded, and its call sites are
// registered, before it is bound to the module.
// object: scenario
// expect: changed calls
// reference: __SCT__handler
// no reference: __SCK__handler
// section: .static_call_sites 0
#include "kernel.h"
struct static_call_key __SCK__handler = {NULL, NULL};
int __SCT__handler(int x) { return x; }
int calls(int x) {
#ifdef PATCHED
  if (x == 3) return 0;
#endif
  return static_call_int(handler, x);
}
