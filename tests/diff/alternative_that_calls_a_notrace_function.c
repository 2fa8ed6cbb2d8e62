// The call stands where the kernel looks for what to put into the caller.
// expect: changed untraced
// expect: promoted calls
#include "kernel.h"
static notrace noinline __used int untraced(int x) {
#ifdef PATCHED
  if (x == 7) return -1;
#endif
  return printk("%d\n", x);
}
int calls(int x) {
  int result;
  asm volatile(ALTERNATIVE("call printk", "call untraced", 7) : "=a"(result) : "D"(x) : "memory");
  return result + 1;
}
