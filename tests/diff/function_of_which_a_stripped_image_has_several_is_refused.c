// The list is of an image without names of files: what is there once is found, and what is there twice is not.
// symbols: without_files.symbols
// expect: refused ambiguous-symbol show
// expect: refused ambiguous-symbol count
#include "kernel.h"
#include "several_of_each_name.inc"
