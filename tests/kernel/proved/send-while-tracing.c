// Sends itself packets through a chain of nf_tables, while no rule of nf_tables asks for tracing, while one does, and
// when that is gone again. Exits 0 if all were sent, 1 if only the middle one was refused, 2 otherwise, 3 on trouble.
// The rule stands in a chain that nothing jumps to: it turns the module's static key on, and no more.
#include <asm/unistd.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <time.h>

static long call(long number, long a, long b, long c, long d, long e, long f) {
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

static void leave(int status) {
  for (;;) call(__NR_exit, status, 0, 0, 0, 0, 0);
}

static long must(long result) {
  if (result < 0) leave(3);
  return result;
}

static int netlink;
static struct {
  char bytes[2048];
  int size, message, acknowledged;
} batch;

static void put(const void* from, int size) {
  for (int i = 0; i < size; ++i) batch.bytes[batch.size + i] = ((const char*)from)[i];
  batch.size += (size + 3) & ~3;
}

static void begin(int type, int flags, int family, int subsystem) {
  struct nlmsghdr header = {.nlmsg_type = (unsigned short)type, .nlmsg_flags = (unsigned short)(NLM_F_REQUEST | flags)};
  struct nfgenmsg general = {.nfgen_family = (unsigned char)family, .res_id = (unsigned short)(subsystem << 8)};
  batch.message = batch.size;
  put(&header, sizeof header);
  put(&general, sizeof general);
  batch.acknowledged += (flags & NLM_F_ACK) != 0;
}

static void end(void) { ((struct nlmsghdr*)(batch.bytes + batch.message))->nlmsg_len = (unsigned)(batch.size - batch.message); }

static void begin_change(int what) { begin(NFNL_SUBSYS_NFTABLES << 8 | what, NLM_F_CREATE | NLM_F_APPEND | NLM_F_ACK, AF_INET, 0); }

static int open_nest(int type) {
  struct nlattr attribute = {.nla_type = (unsigned short)(type | NLA_F_NESTED)};
  put(&attribute, sizeof attribute);
  return batch.size - (int)sizeof attribute;
}

static void close_nest(int nest) { ((struct nlattr*)(batch.bytes + nest))->nla_len = (unsigned short)(batch.size - nest); }

static void put_attribute(int type, const void* from, int size) {
  struct nlattr attribute = {.nla_len = (unsigned short)(sizeof attribute + size), .nla_type = (unsigned short)type};
  put(&attribute, sizeof attribute);
  put(from, size);
}

static void put_text(int type, const char* text) {
  int size = 1;
  while (text[size - 1]) ++size;
  put_attribute(type, text, size);
}

static void put_number(int type, unsigned number) {
  number = __builtin_bswap32(number);
  put_attribute(type, &number, sizeof number);
}

static void begin_batch(void) {
  batch.size = batch.acknowledged = 0;
  begin(NFNL_MSG_BATCH_BEGIN, 0, 0, NFNL_SUBSYS_NFTABLES);
  end();
}

// Each change of the batch is acknowledged, or else all were refused.
static void carry_out(void) {
  static struct {
    struct nlmsghdr header;
    struct nlmsgerr error;
    char rest[2048];
  } answer;
  begin(NFNL_MSG_BATCH_END, 0, 0, NFNL_SUBSYS_NFTABLES);
  end();
  must(call(__NR_sendto, netlink, (long)batch.bytes, batch.size, 0, 0, 0));
  for (int i = 0; i < batch.acknowledged; ++i) {
    must(call(__NR_recvfrom, netlink, (long)&answer, sizeof answer, 0, 0, 0));
    if (answer.header.nlmsg_type != NLMSG_ERROR) leave(3);
    must(answer.error.error);
  }
}

static void add_chain_of_what_is_sent(void) {
  begin_batch();
  begin_change(NFT_MSG_NEWTABLE);
  put_text(NFTA_TABLE_NAME, "suture");
  end();
  begin_change(NFT_MSG_NEWCHAIN);
  put_text(NFTA_CHAIN_TABLE, "suture");
  put_text(NFTA_CHAIN_NAME, "sent");
  put_text(NFTA_CHAIN_TYPE, "filter");
  int hook = open_nest(NFTA_CHAIN_HOOK);
  put_number(NFTA_HOOK_HOOKNUM, NF_INET_LOCAL_OUT);
  put_number(NFTA_HOOK_PRIORITY, 0);
  close_nest(hook);
  end();
  begin_change(NFT_MSG_NEWCHAIN);
  put_text(NFTA_CHAIN_TABLE, "suture");
  put_text(NFTA_CHAIN_NAME, "unused");
  end();
  carry_out();
}

static void put_expression(const char* name, void (*put_options)(void)) {
  int element = open_nest(NFTA_LIST_ELEM);
  put_text(NFTA_EXPR_NAME, name);
  int options = open_nest(NFTA_EXPR_DATA);
  put_options();
  close_nest(options);
  close_nest(element);
}

static void put_one_into_register(void) {
  const char one = 1;
  put_number(NFTA_IMMEDIATE_DREG, NFT_REG32_00);
  int data = open_nest(NFTA_IMMEDIATE_DATA);
  put_attribute(NFTA_DATA_VALUE, &one, sizeof one);
  close_nest(data);
}

static void put_register_into_nftrace(void) {
  put_number(NFTA_META_KEY, NFT_META_NFTRACE);
  put_number(NFTA_META_SREG, NFT_REG32_00);
}

static void begin_rules(int what) {
  begin_batch();
  begin_change(what);
  put_text(NFTA_RULE_TABLE, "suture");
  put_text(NFTA_RULE_CHAIN, "unused");
}

static void add_rule_that_traces(void) {
  begin_rules(NFT_MSG_NEWRULE);
  int expressions = open_nest(NFTA_RULE_EXPRESSIONS);
  put_expression("immediate", put_one_into_register);
  put_expression("meta", put_register_into_nftrace);
  close_nest(expressions);
  end();
  carry_out();
}

static void delete_rule(void) {
  begin_rules(NFT_MSG_DELRULE);
  end();
  carry_out();
}

static int socket_of_packets;

static int is_sent(void) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = 9 << 8, .sin_addr = {__builtin_bswap32(INADDR_LOOPBACK)}};
  long result = call(__NR_sendto, socket_of_packets, (long)"", 1, 0, (long)&to, sizeof to);
  if (result == -EPERM) return 0;
  return must(result) == 1;
}

// A deleted rule lets go of the key when its memory is freed, which is some time after.
static int is_sent_in_the_end(void) {
  const struct timespec moment = {0, 10 * 1000 * 1000};
  for (int i = 0; i < 3000; ++i) {
    if (is_sent()) return 1;
    call(__NR_nanosleep, (long)&moment, 0, 0, 0, 0, 0);
  }
  return 0;
}

__attribute__((force_align_arg_pointer)) void _start(void) {
  struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP};
  must(call(__NR_unshare, CLONE_NEWNET, 0, 0, 0, 0, 0));
  socket_of_packets = (int)must(call(__NR_socket, AF_INET, SOCK_DGRAM, 0, 0, 0, 0));
  must(call(__NR_ioctl, socket_of_packets, SIOCSIFFLAGS, (long)&loopback, 0, 0, 0));
  netlink = (int)must(call(__NR_socket, AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER, 0, 0, 0));
  add_chain_of_what_is_sent();
  int first = is_sent_in_the_end();
  add_rule_that_traces();
  int traced = is_sent();
  delete_rule();
  int last = is_sent_in_the_end();
  leave(!first || !last ? 2 : traced ? 0 : 1);
}
