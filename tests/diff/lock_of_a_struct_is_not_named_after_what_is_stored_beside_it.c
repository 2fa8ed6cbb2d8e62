// The fix stores another address before it takes the lock, which is the same one.
// expect: changed opens
#include "kernel.h"
extern int old_operations, new_operations;
struct table {
  const int *operations;
  char lock[8];
};
int opens(struct table *table) {
#ifdef PATCHED
  table->operations = &new_operations;
#else
  table->operations = &old_operations;
#endif
  mutex_lock(table->lock);
  return printk("%p\n", table);
}
