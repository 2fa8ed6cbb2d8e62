// The kernel has three functions show(), and several of what it uses: those of this file are meant. Another file has
// its name, but not all that is in it. Positions count by address, not by the list's order.
// symbols: several_of_each_name.symbols
// expect: changed show,2
// reference: .klp.sym.vmlinux.helper,1
// reference: .klp.sym.vmlinux.count,3
// reference: .klp.sym.vmlinux.alone,0
// reference: .klp.sym.vmlinux.hidden,0
// reference: printk
#include "kernel.h"
#include "several_of_each_name.inc"
