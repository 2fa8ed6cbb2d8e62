#include "image/symvers.h"

#include <gtest/gtest.h>

namespace suture::image {
namespace {

TEST(Symvers, ReadsChecksumModuleKindAndNamespace) {
  const auto symvers = Symvers::parse(
      "0x2d3385d3\tsystem_wq\tvmlinux\tEXPORT_SYMBOL\t\n"
      "0x0000beef\tfailover_register\tnet/core/net-failover\tEXPORT_SYMBOL_GPL\n"
      "0x00000001\tdma_buf_get\tdrivers/dma-buf/dma-buf\tEXPORT_SYMBOL_GPL\tDMA_BUF\n",
      "Module.symvers");
  ASSERT_TRUE(symvers) << symvers.error().describe();
  ASSERT_NE(symvers->find("system_wq"), nullptr);
  EXPECT_EQ(symvers->find("system_wq")->crc, 0x2d3385d3U);
  EXPECT_EQ(symvers->find("system_wq")->module_name, "vmlinux");
  EXPECT_EQ(symvers->find("failover_register")->module, "net/core/net-failover");
  EXPECT_EQ(symvers->find("failover_register")->module_name, "net_failover");
  EXPECT_EQ(symvers->find("dma_buf_get")->kind, "EXPORT_SYMBOL_GPL");
  EXPECT_EQ(symvers->find("dma_buf_get")->ns, "DMA_BUF");
  EXPECT_EQ(symvers->find("system"), nullptr);
}

TEST(Symvers, NamesTheLineThatIsWrong) {
  const auto error = [](std::string_view line) {
    const auto symvers = Symvers::parse("0x1\ta\tvmlinux\tEXPORT_SYMBOL\t\n" + std::string(line), "Module.symvers");
    return symvers ? "no error" : symvers.error().describe();
  };
  EXPECT_EQ(error("0xg\tb\tvmlinux\tEXPORT_SYMBOL\t\n"), "Module.symvers:2: '0xg' is not a checksum like 0x1234abcd");
  EXPECT_NE(error("0x123456789\tb\tvmlinux\tEXPORT_SYMBOL\t\n").find("symvers:2: '0x123456789'"), std::string::npos);
  for (const auto* line : {"\n", "0x1 b vmlinux EXPORT_SYMBOL\n", "0x1\tb\tvmlinux\n",
                           "0x1\t\tvmlinux\tEXPORT_SYMBOL\t\n", "0x1\tb\tvmlinux\tEXPORT_SYMBOL\tNS\tmore\n"})
    EXPECT_NE(error(line).find("Module.symvers:2: is not 'crc, symbol"), std::string::npos) << line;
}

TEST(Symvers, NoticesThatTheFileIsCutShort) {
  for (const auto* text :
       {"", "0x2d3385d3\tsystem_wq\tvmlinux\tEXPORT_SYMBOL\t\n0x0000beef\tfailover\tvmlinux\tEXPORT"}) {
    const auto symvers = Symvers::parse(text, "Module.symvers");
    ASSERT_FALSE(symvers) << text;
    EXPECT_NE(symvers.error().message().find("Module.symvers: does not end"), std::string::npos);
  }
}

TEST(Symvers, RefusesASymbolThatTwoModulesExport) {
  const auto symvers =
      Symvers::parse("0x1\ta\tvmlinux\tEXPORT_SYMBOL\n0x2\ta\tfs/b\tEXPORT_SYMBOL\n", "Module.symvers");
  ASSERT_FALSE(symvers);
  EXPECT_NE(symvers.error().message().find("'a' is exported twice"), std::string::npos);
}

}  // namespace
}  // namespace suture::image
