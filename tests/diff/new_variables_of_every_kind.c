// Data, zeroed data, constants, strings and per-CPU variables that the fix adds go along; an old
// one beside them stays where it is.
// expect: changed show
// reference: old
// no reference: fresh
// no reference: zeroed
// no reference: fresh_percpu
#include "kernel.h"
static int old __read_mostly = 4;
#ifdef PATCHED
static int fresh = 5;
static int zeroed;
static int fresh_mostly __read_mostly = 6;
static const int table[] = {3, 1, 4, 1, 5};
static DEFINE_PER_CPU(int, fresh_percpu);
#endif
int set(int x) { return old = x; }
int show(int x) {
#ifdef PATCHED
  fresh += table[x & 3];
  zeroed++;
  this_cpu_inc(fresh_percpu);
  return printk("fresh %d %d %d %d\n", fresh, zeroed, old, fresh_mostly++);
#else
  return printk("old %d\n", old);
#endif
}
