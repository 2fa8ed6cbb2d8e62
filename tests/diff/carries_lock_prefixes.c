// A lock prefix that is patched out on one CPU; only the changed function's place is carried.
// expect: changed counts
// section: .smp_locks 4
#include "kernel.h"
static int count, other_count;
int counts(void) {
  atomic_inc(&count);
#ifdef PATCHED
  if (count == 5) count = 0;
#endif
  return count;
}
void counts_too(void) { atomic_inc(&other_count); }
