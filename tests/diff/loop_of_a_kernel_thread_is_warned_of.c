// It can be left, but is only when its thread ends: until then the transition does not.
// expect: changed thread
// expect: warning never-returns thread
#include "kernel.h"
int kthread_should_stop(void);
int thread(void *unused) {
  while (!kthread_should_stop()) {
#ifdef PATCHED
    printk("tick\n");
#endif
  }
  return 0;
}
