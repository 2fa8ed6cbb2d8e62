// A paravirtual call: 16 bytes of .parainstructions, of which the last entry may be cut to 12.
// expect: changed halts
// section: .parainstructions 16
#include "kernel.h"
extern void (*pv_halt)(void);
#define PARAVIRT_CALL(type)                                                                             \
  asm volatile("771: call *pv_halt\n772:\n.pushsection .parainstructions,\"a\"\n.balign 8\n.quad 771b\n" \
               ".byte " #type ", 772b - 771b\n.short 0x1ff\n.popsection" : : : "memory")
int halts(int x) {
#ifdef PATCHED
  if (!x) return -1;
#endif
  PARAVIRT_CALL(7);
  return 0;
}
int halts_too(void) {
  PARAVIRT_CALL(8);
  return 1;
}
