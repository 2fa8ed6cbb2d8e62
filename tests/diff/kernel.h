/* The idioms of kernel code that leave marks in an object, as Linux 5.x and 6.1 lay them out on x86-64,
 * without the kernel. Sections and entries are what scenarios are about; the rest is cut down. */
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef int s32;
typedef unsigned long size_t;
typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void *)0)

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define noinline __attribute__((__noinline__))
#define __always_inline inline __attribute__((__always_inline__))
#define __used __attribute__((__used__))
#define __section(name) __attribute__((__section__(name)))
#define __aligned(n) __attribute__((__aligned__(n)))
#define __weak __attribute__((__weak__))
#define __cold __attribute__((__cold__))
#define notrace __attribute__((__no_instrument_function__))
#define ACCESS_ONCE(x) (*(volatile __typeof__(x) *)&(x))
#define ARRAY_SIZE(x) (sizeof(x) / sizeof((x)[0]))

#define __init __section(".init.text") __cold
#define __initdata __section(".init.data")
#define __exit __section(".exit.text") __used __cold
#define __read_mostly __section(".data..read_mostly")
#define __ro_after_init __section(".data..ro_after_init")
#define noinstr noinline notrace __section(".noinstr.text")
#define DEFINE_PER_CPU(type, name) __section(".data..percpu") type name
#define this_cpu_inc(x) asm volatile("incl %%gs:%0" : "+m"(x))

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)
#define STRING_(x) #x
#define STRING(x) STRING_(x)
#define UNIQUE_ID(prefix) PASTE(PASTE(__UNIQUE_ID_, prefix), __COUNTER__)

int printk(const char *format, ...);
void panic(const char *format, ...) __attribute__((__noreturn__)) __cold;
void *memset(void *, int, size_t);
void mutex_lock(void *);
void mutex_unlock(void *);
extern u64 jiffies;

/* include/linux/export.h */
struct kernel_symbol {
  const void *value;
  const char *name;
};
#define EXPORT_SYMBOL(symbol)                                                                          \
  static const char __kstrtab_##symbol[] __used __section("__ksymtab_strings") = #symbol;              \
  static const struct kernel_symbol __ksymtab_##symbol __used __section("___ksymtab+" #symbol) = {     \
      (void *)&symbol, __kstrtab_##symbol}

/* include/linux/init.h: the name holds __COUNTER__ and __LINE__ */
#define initcall(function) initcall_(function, __COUNTER__, __LINE__)
#define initcall_(function, counter, line)                                          \
  static void *const PASTE(keep_, function) __used __section(".discard.addressable") = function; \
  asm(".pushsection .initcall6.init,\"a\"\n__initcall__kmod_x__" STRING(counter) "_" STRING(line) "_" #function \
      "6: .long " #function " - .\n.popsection")

/* arch/x86/include/asm/bug.h, struct bug_entry: 12 bytes */
#define BUG_FLAGS(text, flags)                                                               \
  asm volatile("1: " text "\n.pushsection __bug_table,\"aw\"\n2: .long 1b - 2b, %c0 - 2b\n"  \
               ".word %c1, %c2\n.org 2b + 12\n.popsection"                                   \
               : : "i"(__FILE__), "i"(__LINE__), "i"(flags))
#define BUG()                    \
  do {                           \
    BUG_FLAGS("ud2", 0);         \
    __builtin_unreachable();     \
  } while (0)
#define WARN_ON(condition)                                       \
  ({                                                             \
    bool warn_ = (condition);                                    \
    if (unlikely(warn_)) BUG_FLAGS("ud2", 1 << 0 | 9 << 8);      \
    unlikely(warn_);                                             \
  })
#define WARN_ON_ONCE(condition)                                          \
  ({                                                                     \
    static bool __section(".data.once") __already_done;                  \
    bool once_ = (condition);                                            \
    if (unlikely(once_ && !__already_done)) {                            \
      __already_done = true;                                             \
      BUG_FLAGS("ud2", 1 << 0 | 9 << 8);                                 \
    }                                                                    \
    unlikely(once_);                                                     \
  })
#define printk_once(...)                                        \
  do {                                                          \
    static bool __section(".data.once") __print_once;           \
    if (unlikely(!__print_once)) {                              \
      __print_once = true;                                      \
      printk(__VA_ARGS__);                                      \
    }                                                           \
  } while (0)

/* include/linux/jump_label.h, struct jump_entry: 16 bytes */
struct static_key {
  int enabled;
  void *entries;
};
static __always_inline bool static_branch_tagged(struct static_key *key, const bool tag) {
  asm goto("1: .byte 0x0f, 0x1f, 0x44, 0x00, 0x00\n.pushsection __jump_table,\"aw\"\n.balign 8\n"
           ".long 1b - ., %l[yes] - .\n.quad %c0 + %c1 - .\n.popsection"
           : : "i"(key), "i"(tag) : : yes);
  return false;
yes:
  return true;
}
#define static_branch_unlikely(key) unlikely(static_branch_tagged(key, false))

/* arch/x86/include/asm/alternative.h, struct alt_instr of 6.1: 12 bytes */
#define ALTERNATIVE(old, new, feature)                                                          \
  "661: " old "\n662:\n.pushsection .altinstructions,\"a\"\n.long 661b - ., 663f - .\n"         \
  ".word " STRING(feature) "\n.byte 662b - 661b, 664f - 663f\n.popsection\n"                    \
  ".pushsection .altinstr_replacement,\"ax\"\n663: " new "\n664:\n.popsection\n"
#define LOCK_PREFIX ".pushsection .smp_locks,\"a\"\n.balign 4\n.long 671f - .\n.popsection\n671: lock; "
static __always_inline void atomic_inc(int *value) { asm volatile(LOCK_PREFIX "incl %0" : "+m"(*value)); }

/* arch/x86/include/asm/extable.h, struct exception_table_entry of 5.16 and later: 12 bytes */
#define EXTABLE(from, to) \
  ".pushsection __ex_table,\"a\"\n.balign 4\n.long (" from ") - ., (" to ") - ., 3\n.popsection\n"
static __always_inline int get_user_u32(u32 *to, const u32 *from) {
  int error = 0;
  u32 value;
  asm volatile("1: movl %2, %1\n2:\n" EXTABLE("1b", "2b") : "+r"(error), "=r"(value) : "m"(*from));
  *to = value;
  return error;
}

/* include/linux/static_call.h: the call goes to a trampoline, and is noted with its key */
struct static_call_key {
  void *function;
  void *sites;
};
#define DECLARE_STATIC_CALL(name)              \
  extern struct static_call_key __SCK__##name; \
  extern int __SCT__##name(int)
#define static_call_int(name, argument)                                                                       \
  ({                                                                                                          \
    int result_;                                                                                              \
    asm volatile("1: call __SCT__" #name                                                                      \
                 "\n.pushsection .static_call_sites,\"aw\"\n.balign 4\n.long 1b - ., __SCK__" #name           \
                 " - .\n.popsection"                                                                          \
                 : "=a"(result_) : "D"(argument) : "memory", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11"); \
    result_;                                                                                                  \
  })

/* include/linux/dynamic_debug.h, struct _ddebug: the name holds __COUNTER__, the content __LINE__ */
struct _ddebug {
  const char *modname, *function, *filename, *format;
  u32 lineno : 18, class_id : 6, flags : 8;
  struct static_key key;
} __aligned(8);
#define pr_debug_named(id, text, ...)                                                                  \
  do {                                                                                                 \
    static struct _ddebug __aligned(8) __section("__dyndbg") id = {                                    \
        "scenario", __func__, __FILE__, text, __LINE__, 63, 0, {0, NULL}};                             \
    if (static_branch_unlikely(&id.key)) __dynamic_pr_debug(&id, text, ##__VA_ARGS__);                 \
  } while (0)
#define pr_debug(text, ...) pr_debug_named(UNIQUE_ID(ddebug), text, ##__VA_ARGS__)
void __dynamic_pr_debug(struct _ddebug *, const char *, ...);

/* include/linux/tracepoint.h */
struct tracepoint {
  const char *name;
  struct static_key key;
  void *funcs;
};
#define DEFINE_TRACE(event)                                                                              \
  static const char __tpstrtab_##event[] __section("__tracepoints_strings") = #event;                    \
  struct tracepoint __tracepoint_##event __used __section("__tracepoints") = {                           \
      __tpstrtab_##event, {0, NULL}, NULL};                                                              \
  static struct tracepoint *__tracepoint_ptr_##event __used __section("__tracepoints_ptrs") =            \
      &__tracepoint_##event
#define DECLARE_TRACE(event) extern struct tracepoint __tracepoint_##event
void __traceiter(struct tracepoint *, int);
#define trace(event, argument) \
  do {                         \
    if (static_branch_unlikely(&__tracepoint_##event.key)) __traceiter(&__tracepoint_##event, argument); \
  } while (0)

/* include/linux/moduleparam.h, cut down */
struct kernel_param {
  const char *name;
  void *arg;
};
#define module_param(name)                                         \
  static const char __param_str_##name[] = #name;                  \
  static const struct kernel_param __param_##name __used __section("__param") __aligned(8) = {__param_str_##name, &name}

/* arch/x86/include/asm/runtime-const.h of 6.12; an overlay reads the variable instead. */
#ifdef OVERLAID
#define runtime_const_ptr(sym) (sym)
#else
#define runtime_const_ptr(sym)                                                                          \
  ({                                                                                                   \
    __typeof__(sym) value;                                                                             \
    asm("mov %1, %0\n1:\n"                                                                             \
        ".pushsection runtime_ptr_" #sym ", \"a\"\n"                                                   \
        ".long 1b - 8 - .\n"                                                                           \
        ".popsection"                                                                                  \
        : "=r"(value)                                                                                  \
        : "i"(0x0123456789abcdefUL));                                                                  \
    value;                                                                                             \
  })
#endif
