// CONFIG_X86_KERNEL_IBT: a function begins with ENDBR, and the call to __fentry__ comes after it.
// not with: clang-13 which crashes
// flags: -fcf-protection=branch
// expect: changed show
// section: __mcount_loc 8
// not with: gcc-4.8 which has no -fcf-protection
#include "kernel.h"
int show(int x) {
#ifdef PATCHED
  if (!x) return 0;
#endif
  return printk("show %d\n", x);
}
