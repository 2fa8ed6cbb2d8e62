// ZERO_PAGE(0): a symbol and 2 GB, in eight bytes. The sum must survive.
// expect: changed opens
// reference: empty_zero_page
#include "kernel.h"
extern char empty_zero_page[];
u64 opens(int x) {
  u64 value;
  asm("movabs $empty_zero_page + 0x80000000, %0" : "=r"(value));
#ifdef PATCHED
  value += (u64)x;
#endif
  return value;
}
