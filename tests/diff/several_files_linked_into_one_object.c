// `ld -r` of two files, each with a static function of the same name: both changed in ours.
// link: second_file.inc
// expect: changed setup
// expect: changed first_entry
// reference: state
#include "kernel.h"
static int state = 1;
static noinline int setup(int x) {
#ifdef PATCHED
  if (!x) return 0;
#endif
  return printk("first %d\n", state += x);
}
int first_entry(int x) {
#ifdef PATCHED
  x++;
#endif
  return setup(x);
}
