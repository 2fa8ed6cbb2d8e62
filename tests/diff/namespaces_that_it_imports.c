// A live patch must import the symbol namespaces that the file does.
// expect: changed show
// section: .modinfo 42
#include "kernel.h"
#define MODULE_INFO(tag, info) \
  static const char UNIQUE_ID(tag)[] __used __section(".modinfo") __aligned(1) = #tag "=" info
MODULE_INFO(license, "GPL");
MODULE_INFO(import_ns, "DMA_BUF");
#ifdef PATCHED
MODULE_INFO(import_ns, "DEVMEM_FENCES");
#endif
int show(int x) {
#ifdef PATCHED
  if (!x) return 0;
#endif
  return printk("show %d\n", x);
}
