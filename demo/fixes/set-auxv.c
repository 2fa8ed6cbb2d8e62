// Sets this process's auxiliary vector to a single entry, and prints how many bytes of it
// /proc/self/auxv shows then. No libc: it runs in a guest that has none.
#include <asm/unistd.h>

enum { PR_SET_MM = 35, PR_SET_MM_AUXV = 12, AT_PAGESZ = 6 };

static long call(long number, long a, long b, long c, long d, long e) {
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8) : "rcx", "r11", "memory");
  return result;
}

void _start(void) {
  static const unsigned long one_entry[2] = {AT_PAGESZ, 4096};
  static char shown[4096];
  static char line[32];
  long failed = call(__NR_prctl, PR_SET_MM, PR_SET_MM_AUXV, (long)one_entry, sizeof one_entry, 0);
  long file = call(__NR_open, (long)"/proc/self/auxv", 0, 0, 0, 0);
  long size = call(__NR_read, file, (long)shown, sizeof shown, 0, 0);
  char* end = line + sizeof line;
  char* text = end;
  *--text = '\n';
  do {
    *--text = (char)('0' + size % 10);
    size /= 10;
  } while (size > 0);
  call(__NR_write, 1, (long)text, end - text, 0, 0);
  call(__NR_exit, failed != 0 || file < 0, 0, 0, 0, 0);
}
