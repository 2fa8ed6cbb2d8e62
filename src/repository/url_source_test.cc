#include "repository/url_source.h"
#include "base/words.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace suture::repository {
namespace {

/// A source whose suture-fetch is a shell script: with `answer`, which is told MOST, PATH and the SPOOL.
class FakeFetch {
 public:
  explicit FakeFetch(const std::string& answer) : directory_(TempDir::make().value()) {
    const auto program = directory_.path() / "fetch";
    const auto script = "#!/bin/sh\nSPOOL=$2\nwhile read -r get MOST FILE; do\n" + answer + "\ndone\n";
    EXPECT_TRUE(write_text(program, script));
    fs::permissions(directory_.path(), fs::perms(0755));
    fs::permissions(program, fs::perms(0755));
    options.program = program;
  }
  std::string fetch(const std::string& path = "metadata/1.root.json", std::uint64_t most = 10) {
    const auto source = url_source("https://patches.example.org", options).value();
    const auto file = source->fetch(path, most);
    if (!file) return "error: " + file.error().describe();
    return *file ? std::string(as_text(**file)) : "not found";
  }
  FetchOptions options;

 private:
  TempDir directory_;
};

TEST(UrlSource, GivesTheFileThatTheFetcherPutIntoItsSpool) {
  FakeFetch fake("printf '%s %s' \"$MOST\" \"$FILE\" >$SPOOL/1; echo OK 1");
  EXPECT_EQ(fake.fetch("a/b", 100), "100 a/b");
}

TEST(UrlSource, ReadsAByteMoreThanIsAllowedAndNoMore) {
  FakeFetch fake("printf 0123456789abcdef >$SPOOL/7; echo OK 7");
  EXPECT_EQ(fake.fetch("a", 10), "0123456789a");
}

TEST(UrlSource, NotFoundIsNoErrorAndErrorsAreNotNotFound) {
  EXPECT_EQ(FakeFetch("echo NOT-FOUND").fetch(), "not found");
  EXPECT_EQ(FakeFetch("echo ERROR the certificate has expired").fetch(), "error: the certificate has expired");
}

TEST(UrlSource, WhoeverWaitsForASlowMirrorIsAliveMeanwhile) {
  FakeFetch fake("until [ -e $SPOOL/go ]; do :; done; echo NOT-FOUND");
  const auto spool = TempDir::make().value();
  fake.options.spool = spool.path();
  int times = 0;
  fake.options.meanwhile = [&] {
    if (++times < 2) return;
    for (const auto& each : fs::directory_iterator(spool.path())) EXPECT_TRUE(write_text(each.path() / "go", ""));
  };
  EXPECT_EQ(fake.fetch(), "not found");
  EXPECT_EQ(times, 2);
}

TEST(UrlSource, AFetcherThatLiesIsNotFollowed) {
  EXPECT_TRUE(contains(FakeFetch("echo OK ../../etc/passwd").fetch(), "another language"));
  EXPECT_TRUE(contains(FakeFetch("ln -s /etc/passwd $SPOOL/1; echo OK 1").fetch(), "cannot open"));
  EXPECT_TRUE(contains(FakeFetch("mkfifo $SPOOL/1; echo OK 1").fetch(), "is no plain file"));
  EXPECT_TRUE(contains(FakeFetch("echo OK 1").fetch(), "and has not"));
  EXPECT_TRUE(contains(FakeFetch("echo").fetch(), "another language"));
  EXPECT_TRUE(contains(FakeFetch("head -c 10000 /dev/zero; echo").fetch(), "at too great a length"));
}

TEST(UrlSource, AFetcherThatEndsOrHangsOrIsNotThereIsAnError) {
  EXPECT_TRUE(contains(FakeFetch("exit 1").fetch(), "is not there, or ended"));
  FakeFetch hangs("exec sleep 1000");
  hangs.options.timeout = std::chrono::seconds(0);
  EXPECT_TRUE(contains(hangs.fetch(), "did not answer in time"));
  FakeFetch absent("");
  absent.options.program = "/nowhere/suture-fetch";
  EXPECT_TRUE(contains(absent.fetch(), "is not there, or ended"));
}

TEST(UrlSource, RunsAsAnotherUserIfItIsToldTo) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become somebody else";
  FakeFetch fake("{ id -un; id -G; } >$SPOOL/1 && echo OK 1");
  fake.options.user = "nobody";
  EXPECT_EQ(fake.fetch("a", 100), "nobody\n65534\n");
  fake.options.user = "no-such-user";
  EXPECT_FALSE(url_source("https://patches.example.org", fake.options));
}

}  // namespace
}  // namespace suture::repository
