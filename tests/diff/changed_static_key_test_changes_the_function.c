// The code is equal to the byte: only the jump table says that another key is tested.
// expect: changed tests
// reference: second
// no reference: first
#include "kernel.h"
struct static_key first, second;
int tests(int x) {
#ifdef PATCHED
  if (static_branch_unlikely(&second)) return 1;
#else
  if (static_branch_unlikely(&first)) return 1;
#endif
  return x;
}
