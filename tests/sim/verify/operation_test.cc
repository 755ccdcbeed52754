#include "sim/verify/operation.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <string>

#include "sim/core/error.h"

namespace biotope {
namespace {

using Kind = Operation::Kind;

Operation Parse(const std::string& line) {
  const std::vector<Operation> operations = ParseOperations("ops.txt", line + "\n");
  EXPECT_EQ(operations.size(), 1u);
  return operations.at(0);
}

std::string ErrorOf(const std::string& contents) {
  try {
    ParseOperations("ops.txt", contents);
  } catch (const ScenarioError& error) {
    return error.what();
  }
  return "no error";
}

TEST(OperationTest, EveryWordOfTheLanguage) {
  const Operation open = Parse("open 3 /mnt/seq4m rd,direct");
  EXPECT_EQ(open.kind, Kind::kOpen);
  EXPECT_EQ(open.file, 3u);
  EXPECT_EQ(open.path, "/mnt/seq4m");
  EXPECT_EQ(open.flags, O_RDONLY | O_DIRECT);
  EXPECT_EQ(Parse("open 0 /a wr").flags, O_WRONLY);
  EXPECT_EQ(Parse("open 0 /a rd,wr,noatime").flags, O_RDWR | O_NOATIME);

  const Operation pread = Parse("pread 1 4096 1048576");
  EXPECT_EQ(pread.kind, Kind::kPread);
  EXPECT_EQ(pread.length, 4096u);
  EXPECT_EQ(pread.offset, 1048576);
  EXPECT_EQ(Parse("pread 1 0x1000 -1").length, 4096u);
  EXPECT_EQ(Parse("pread 1 4096 -1").offset, -1);

  const Operation advise = Parse("fadvise 0 4096 8192 willneed");
  EXPECT_EQ(advise.advice, POSIX_FADV_WILLNEED);
  EXPECT_EQ(advise.offset, 4096);
  EXPECT_EQ(advise.length, 8192u);
  EXPECT_EQ(Parse("madvise 2 0 4194304 sequential").advice, MADV_SEQUENTIAL);
  EXPECT_EQ(Parse("mmap 1 2 4194304").mapping, 2u);
  EXPECT_EQ(Parse("touch 2 8192").offset, 8192);

  const Operation stride = Parse("nstride 1 4096 8 1048576 8192 3");
  EXPECT_EQ(stride.kind, Kind::kStridedRead);
  EXPECT_EQ(stride.count, 8u);
  EXPECT_EQ(stride.offset, 1048576);
  EXPECT_EQ(stride.stride, 8192u);
  EXPECT_EQ(stride.think_ms, 3u);
  EXPECT_EQ(Parse("nstride 1 4096 8 1048576 8192").think_ms, 0u);
}

TEST(OperationTest, ProcessesAndWhoWaits) {
  const Operation waited = Parse("@2 read 0 4096");
  EXPECT_EQ(waited.process, 2u);
  EXPECT_FALSE(waited.detached);
  EXPECT_EQ(waited.text, "read 0 4096");
  const Operation detached = Parse("~@1 read 0 4096");
  EXPECT_EQ(detached.process, 1u);
  EXPECT_TRUE(detached.detached);
  EXPECT_EQ(Parse("join").kind, Kind::kJoin);
}

TEST(OperationTest, EmptyLinesAndCommentsAreNoOperations) {
  const auto operations = ParseOperations("ops.txt", "# a comment\n\nclose 0\n  \nclose 1");
  ASSERT_EQ(operations.size(), 2u);
  EXPECT_EQ(operations[1].file, 1u);
}

TEST(OperationTest, WhatCannotBeSimulatedSaysWhy) {
  EXPECT_EQ(Parse("pwrite 0 4096 0").unsupported, "writing");
  EXPECT_EQ(Parse("ioprio 3 0").unsupported, "I/O priorities");
  EXPECT_EQ(Parse("read 0 1").unsupported, "");
}

TEST(OperationTest, MistakesAreToldWithTheirLine) {
  EXPECT_EQ(ErrorOf("close 0\nrad 0 1\n"), "ops.txt:2: there is no operation \"rad\"");
  EXPECT_EQ(ErrorOf("read 0\n"), "ops.txt:1: read has 2 arguments, not 1");
  EXPECT_EQ(ErrorOf("read 0 1 2\n"), "ops.txt:1: read has 2 arguments, not 3");
  EXPECT_EQ(ErrorOf("read 0 4k\n"), "ops.txt:1: \"4k\" is no number (length)");
  EXPECT_EQ(ErrorOf("read 32 1\n"), "ops.txt:1: file 32: at most 31");
  EXPECT_EQ(
      ErrorOf("\nopen 0 /a rx\n"),
      "ops.txt:2: \"rx\" is no flag of open: rd, wr, rdwr, direct, sync, dsync, creat, trunc, "
      "dir, append, noatime");
  EXPECT_EQ(ErrorOf("fadvise 0 0 0 soon\n"),
            "ops.txt:1: \"soon\" is no advice: normal, random, sequential, willneed, dontneed, "
            "noreuse");
  EXPECT_EQ(ErrorOf("@0\n"), "ops.txt:1: an operation is missing");
  EXPECT_EQ(ErrorOf("@100 close 0\n"), "ops.txt:1: process 100: at most 63");
}

}  // namespace
}  // namespace biotope
