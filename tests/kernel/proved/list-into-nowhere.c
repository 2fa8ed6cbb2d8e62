// Asks for a directory's entries at an address that holds none: exits 0 if the kernel says EFAULT.
#include <asm/unistd.h>

static long call(long number, long a, long b, long c) {
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return result;
}

void _start(void) {
  long directory = call(__NR_open, (long)"/proc", 0, 0);
  long failed = call(__NR_getdents64, directory, 4096, 4096);
  call(__NR_exit, failed != -14, 0, 0);
}
