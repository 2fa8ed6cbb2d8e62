// One of three like-named static locals of one function went away: which of the running kernel's
// remain, nothing tells.
// expect: refused ambiguous-static many
#include "kernel.h"
int many(int x) {
  int sum = 0;
  { static int state; sum += state += x; }
  { static int state; sum += state ^= x; }
#ifndef PATCHED
  { static int state; sum += state |= x; }
#endif
  return sum;
}
