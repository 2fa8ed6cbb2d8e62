// Nothing in this file calls the new function; another file of the same fix does.
// expect: new for_others
#include "kernel.h"
static int state;
int get(void) { return state; }
void set(int x) { state = x; }
#ifdef PATCHED
void for_others(int x) { state = x; }
#endif
