// Two alternatives in the changed function, one of them calling a function from its replacement.
// expect: changed fences
// reference: fast_copy
// section: .altinstructions 24
#include "kernel.h"
void slow_copy(void);
void fast_copy(void);
int fences(int x) {
#ifdef PATCHED
  x = x * 3 + 1;
#endif
  asm volatile(ALTERNATIVE("lfence", "mfence", 0x62));
  asm volatile(ALTERNATIVE("call slow_copy", "call fast_copy", 0x123) : : : "memory");
  return x;
}
int unchanged(int x) {
  asm volatile(ALTERNATIVE("sfence", "nop; nop; nop", 0x61));
  return x;
}
