// The kernel was linked from two files of this name, and both have all that is in this one: nothing tells which is meant.
// symbols: two_files_of_one_name.symbols
// expect: refused ambiguous-symbol show
// expect: refused ambiguous-symbol helper
// expect: refused ambiguous-symbol count
// expect: refused ambiguous-symbol alone
#include "kernel.h"
#include "several_of_each_name.inc"
