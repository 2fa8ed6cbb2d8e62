// The same code before and after patching, but another CPU feature decides.
// expect: changed fences
#include "kernel.h"
int fences(int x) {
#ifdef PATCHED
  asm volatile(ALTERNATIVE("lfence", "mfence", 0x63));
#else
  asm volatile(ALTERNATIVE("lfence", "mfence", 0x62));
#endif
  return x;
}
