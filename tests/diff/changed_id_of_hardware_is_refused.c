// A row of the list of ids is another: the driver that runs matches by the old one.
// expect: refused data-changed __mod_bus__products_device_table
#include "kernel.h"
static const struct id { int vendor, device; const void *data; } products[] = {
    {1, 2, "one"},
#ifdef PATCHED
    {1, 3, "new"},
    {1, 5, "other"},
#else
    {1, 4, "other"},
#endif
    {0}};
extern __typeof__(products) __mod_bus__products_device_table __attribute__((unused, alias("products")));
struct driver { const char *name; const struct id *ids; };
struct driver driver = {"driver", products};
