// Every row of the tables of errors that were recorded with real kernels: what the five calls
// return, with which errno, and what arrives in the event.

#include <gtest/gtest.h>

#include "tests/layers/aio/recorded_kernel.h"

namespace biotope {
namespace {

using testing::AioErrorRow;
using testing::ReadAioErrors;
using testing::RecordedKernel;

void ExpectAllRows(const char* file, const AioRules& rules, uint32_t cpus, bool clips_direct,
                   size_t rows_expected) {
  const std::vector<AioErrorRow> rows = ReadAioErrors(std::string("tests/layers/aio/data/") + file);
  ASSERT_EQ(rows.size(), rows_expected);
  size_t skipped = 0;
  RecordedKernel kernel(rules, cpus, clips_direct);
  for (const std::string& line : kernel.Run(rows, &skipped)) ADD_FAILURE() << line;
  EXPECT_EQ(skipped, 1u);  // the one that a signal ends
}

TEST(AioErrorsTest, Linux2_6_11) {
  ExpectAllRows("aio_errors_2_6_11.csv", AioRules2_6_11(), 1, false, 153);
}

TEST(AioErrorsTest, Linux6_18) {
  ExpectAllRows("aio_errors_6_18.csv", AioRules6_18(), 2, true, 154);
}

// A row that says something else is noticed.
TEST(AioErrorsTest, NoticesAWrongRow) {
  std::vector<AioErrorRow> rows = ReadAioErrors("tests/layers/aio/data/aio_errors_2_6_11.csv");
  ASSERT_FALSE(rows.empty());
  for (AioErrorRow& row : rows) {
    if (row.args == "O_DIRECT PREAD 4096 crossing EOF") row.extra = "getevents=1 event.res=1000";
  }
  size_t skipped = 0;
  RecordedKernel kernel(AioRules2_6_11(), 1, false);
  EXPECT_EQ(kernel.Run(rows, &skipped).size(), 1u);
}

}  // namespace
}  // namespace biotope
