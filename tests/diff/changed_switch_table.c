// Only a value in the table that GCC made of a switch changed: the code is equal to the byte.
// expect: changed first
#include "kernel.h"
int first(int x) {
  switch (x) {
    case 1: return 97;
    case 2: return -5;
    case 3: return 1034;
#ifdef PATCHED
    case 4: return 34;
#else
    case 4: return 33;
#endif
    case 5: return 6;
    default: return 0;
  }
}
