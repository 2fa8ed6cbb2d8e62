// __func__ is an array of its own, numbered by GCC; it goes along.
// expect: changed says
#include "kernel.h"
int says(int x) {
#ifdef PATCHED
  if (x == 4) return printk("%s: four\n", __func__);
#endif
  return printk("%s\n", __func__);
}
int says_too(int x) { return printk("%s\n", __func__); }
