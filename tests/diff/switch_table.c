// GCC turns a switch into a table of values (CSWTCH), numbered like static locals. It goes along
// with the changed function; another one's is no change though its number shifts.
// expect: changed first
#include "kernel.h"
int first(int x) {
#ifdef PATCHED
  switch (x) {
    case 1: return 97;
    case 2: return -5;
    case 3: return 1034;
    case 4: return 33;
    case 5: return 6;
    default: return 0;
  }
#else
  return x;
#endif
}
int second(int x) {
  switch (x) {
    case 1: return 17;
    case 2: return 4;
    case 3: return -1034;
    case 4: return 3;
    case 5: return 61;
    default: return 0;
  }
}
