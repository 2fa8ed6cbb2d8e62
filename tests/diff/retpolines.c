// Indirect calls and returns go through thunks of the kernel.
// flags[gcc]: -mindirect-branch=thunk-extern -mindirect-branch-register -mfunction-return=thunk-extern
// flags[clang]: -mretpoline-external-thunk
// expect: changed calls
// reference[gcc]: __x86_return_thunk
// not with: gcc-4.8 which has no -mindirect-branch
#include "kernel.h"
int calls(int (*f)(int), int x) {
#ifdef PATCHED
  if (!x) return 0;
#endif
  return f(x) + f(x + 1);
}
