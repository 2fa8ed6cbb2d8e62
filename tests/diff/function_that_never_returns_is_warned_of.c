// A kernel thread's loop: whoever is in it stays in it, and the transition never ends.
// expect: changed thread
// expect: warning never-returns thread
#include "kernel.h"
void wait(void);
int thread(void *unused) {
  for (;;) {
    wait();
#ifdef PATCHED
    printk("tick\n");
#endif
  }
}
