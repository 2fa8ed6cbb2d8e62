// Variables in .data, .bss, .data..read_mostly and per-CPU memory, static and global: the new code
// uses those of the running kernel.
// expect: changed sum
// reference: in_data
// reference: in_bss
// reference: mostly
// reference: each_cpu
// reference: global
#include "kernel.h"
static int in_data = 1;
static int in_bss;
static int mostly __read_mostly = 2;
static DEFINE_PER_CPU(int, each_cpu);
int global = 3;
int sum(int x) {
  in_data += x;
  in_bss += x;
  this_cpu_inc(each_cpu);
#ifdef PATCHED
  return in_data + in_bss + mostly + global + 1;
#else
  return in_data + in_bss + mostly + global;
#endif
}
void set(int x) { mostly = x, global = x, in_bss = x; }
