#include "layers/aio/submit_order.h"

#include <gtest/gtest.h>

#include "layers/aio/check_iocb.h"

namespace biotope {
namespace {

using Submit = AioRules::Submit;
constexpr uint32_t kRing = 127;

struct Row {
  const char* what;
  IocbArray array;
  int64_t nr;
  uint32_t ring_events;  // 0: no such context
  // What the two versions answer, and how many iocbs they go through.
  int whole_error;
  int each_error;
  int64_t whole_nr;
  int64_t each_nr;
};

TEST(SubmitOrderTest, BothVersions) {
  const IocbArray good;
  const IocbArray kernel{.pointer = UserPointer::kKernel};
  const IocbArray into_kernel{.mapped = 2, .reaches_kernel = true};
  const Row rows[] = {
      {"nr below 0 comes first", kernel, -1, 0, EINVAL, EINVAL, -1, -1},
      {"the array comes before the context in one", kernel, 1, 0, EFAULT, EINVAL, 1, 1},
      {"no context", good, 1, 0, EINVAL, EINVAL, 1, 1},
      {"no iocb, no context", good, 0, 0, EINVAL, EINVAL, 0, 0},
      {"an array that ends in the kernel", into_kernel, 4, kRing, EFAULT, 0, 4, 4},
      {"more than the ring has", good, 300, kRing, 0, 0, 300, kRing},
      {"more than there can be", good, INT64_MAX, kRing, 0, 0, INT64_MAX / 8, kRing},
  };
  for (const Row& row : rows) {
    int64_t nr = row.nr;
    EXPECT_EQ(BeginSubmit(Submit::kWholeArray, row.array, row.ring_events, &nr), row.whole_error)
        << row.what;
    EXPECT_EQ(nr, row.whole_nr) << row.what;
    nr = row.nr;
    EXPECT_EQ(BeginSubmit(Submit::kEachPointer, row.array, row.ring_events, &nr), row.each_error)
        << row.what;
    EXPECT_EQ(nr, row.each_nr) << row.what;
  }
}

TEST(SubmitOrderTest, APointerFaultsWhenItsTurnComes) {
  const IocbArray array{.mapped = 2, .reaches_kernel = true};
  EXPECT_EQ(ReadPointer(array, 1), 0);
  EXPECT_EQ(ReadPointer(array, 2), EFAULT);
  EXPECT_EQ(ReadPointer({.pointer = UserPointer::kNull}, 0), EFAULT);
}

TEST(SubmitOrderTest, ACountHidesTheError) {
  EXPECT_EQ(IoSubmitResult(2, EFAULT), 2);
  EXPECT_EQ(IoSubmitResult(0, EFAULT), -EFAULT);
  EXPECT_EQ(IoSubmitResult(0, 0), 0);
}

// -- The order of the checks of one iocb: each row is wrong in two ways.

struct CheckRow {
  const char* what;
  Iocb iocb;
  IocbFile file;
  int error_2_6_11;
  int error_4_17;
  int error_6_18;
};

int AllChecks(AioRules::IocbChecks checks, const CheckRow& row) {
  const int error = CheckIocb(checks, row.iocb);
  return error != 0 ? error : CheckIocbFile(checks, row.iocb, row.file, {});
}

TEST(CheckIocbTest, TheFirstErrorCounts) {
  using Type = IocbFile::Type;
  const IocbFile readable{.type = Type::kRegular, .readable = true};
  const IocbFile directory{.type = Type::kDirectory, .readable = true};
  const IocbFile write_only{.type = Type::kRegular, .writable = true};
  const CheckRow rows[] = {
      {"reserved before opcode", {.opcode = 99, .reserved2 = 1}, readable, EINVAL, EINVAL, EINVAL},
      {"mode before buffer", {.buffer = UserPointer::kKernel}, write_only, EBADF, EBADF, EBADF},
      {"buffer and directory", {.buffer = UserPointer::kKernel}, directory, EFAULT, EINVAL, EINVAL},
      {"buffer before position",
       {.buffer = UserPointer::kKernel, .offset = -1},
       readable,
       EFAULT,
       EFAULT,
       EFAULT},
      {"position", {.offset = -1}, readable, 0, EINVAL, EINVAL},
      {"flags are reserved in 2.6.11", {.flags = 0x80}, readable, EINVAL, 0, 0},
      {"unknown rw_flags", {.rw_flags = 0x80000000}, readable, EINVAL, EINVAL, EOPNOTSUPP},
      {"rw_flags before mode", {.rw_flags = 0x80000000}, write_only, EINVAL, EINVAL, EOPNOTSUPP},
      {"resfd before all of the file",
       {.opcode = 99, .flags = kIocbFlagResfd},
       readable,
       EINVAL,
       EBADF,
       EBADF},
      {"fsync",
       {.opcode = kIocbCmdFsync, .buffer = UserPointer::kNull},
       readable,
       EINVAL,
       EINVAL,
       0},
  };
  for (const CheckRow& row : rows) {
    EXPECT_EQ(AllChecks(AioRules::IocbChecks::k2_6_11, row), row.error_2_6_11) << row.what;
    EXPECT_EQ(AllChecks(AioRules::IocbChecks::k4_17, row), row.error_4_17) << row.what;
    EXPECT_EQ(AllChecks(AioRules::IocbChecks::k6_18, row), row.error_6_18) << row.what;
  }
}

}  // namespace
}  // namespace biotope
