// A changed function tests two static keys, one of this file and one of another.
// expect: changed tests
// reference: here
// reference: elsewhere
// section: __jump_table 32
#include "kernel.h"
struct static_key here;
extern struct static_key elsewhere;
int tests(int x) {
  if (static_branch_unlikely(&here)) return 1;
#ifdef PATCHED
  if (x == 3) return 0;
#endif
  if (static_branch_unlikely(&elsewhere)) return 2;
  return x;
}
int tests_too(int x) { return static_branch_unlikely(&here) ? x : 0; }
