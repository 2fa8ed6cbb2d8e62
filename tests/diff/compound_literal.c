// An unnamed array at file scope, numbered by GCC; a new one in front shifts the number.
// expect: changed get
// reference: names
#include "kernel.h"
#ifdef PATCHED
static int *extra = (int[]){7, 8, 9};
#endif
int *names = (int[]){1, 2, 3};
int get(int i) {
#ifdef PATCHED
  if (i == 9) return extra[1]++;
#endif
  return names[i];
}
void set(int *to) { names = to; }
