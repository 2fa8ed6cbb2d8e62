// A driver is to take one more device: the registered one keeps its list, the rest of the fix is built.
// expect: changed probe
// expect: warning device-ids products
#include "kernel.h"
static const struct id { int vendor, device; const void *data; } products[] = {
    {1, 2, "one"},
#ifdef PATCHED
    {1, 3, "new"},
#endif
    {1, 4, "other"},
    {0}};
extern __typeof__(products) __mod_bus__products_device_table __attribute__((unused, alias("products")));
struct driver { const char *name; const struct id *ids; };
struct driver driver = {"driver", products};
int probe(int i) {
#ifdef PATCHED
  if (i < 0) return 0;
#endif
  return printk("%d", i);
}
