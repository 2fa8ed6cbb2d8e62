// A loop ends at the address behind an array, where the next variable begins.
// expect: changed total
// reference: first
#include "kernel.h"
static int first[4] __read_mostly = {1, 2, 3, 4};
static int second[4] __read_mostly = {5, 6, 7, 8};
int total(void) {
  int sum = 0;
  for (int *p = first; p != first + 4; p++) sum += printk("%d\n", *p);
#ifdef PATCHED
  sum++;
#endif
  return sum;
}
int *other(int i) { return first[i] ? &first[i] : &second[i]; }
