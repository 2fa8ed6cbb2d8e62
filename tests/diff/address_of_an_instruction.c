// _THIS_IP_: the function takes the address of a place in itself.
// expect: changed traces
// no reference: traces
#include "kernel.h"
void trace_ip(u64);
#define THIS_IP ({ __label__ here; here: (u64)&&here; })
int traces(int x) {
#ifdef PATCHED
  if (x == 4) return 0;
#endif
  asm volatile("" : : : "memory");
  trace_ip(THIS_IP);
  return x;
}
int traces_too(int x) {
  asm volatile("" : : : "memory");
  trace_ip(THIS_IP);
  return x + 1;
}
