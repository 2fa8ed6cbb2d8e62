// Only the alternative's replacement differs, which lies outside the function.
// expect: changed fences
#include "kernel.h"
int fences(int x) {
#ifdef PATCHED
  asm volatile(ALTERNATIVE("lfence", "mfence", 0x62));
#else
  asm volatile(ALTERNATIVE("lfence", "sfence", 0x62));
#endif
  return x;
}
