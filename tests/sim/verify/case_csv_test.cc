#include "sim/verify/case_csv.h"

#include <gtest/gtest.h>

#include <string>

#include "sim/core/error.h"

namespace biotope {
namespace {

template <class Function>
std::string ErrorOf(Function function) {
  try {
    function();
  } catch (const ScenarioError& error) {
    return error.what();
  }
  return "no error";
}

TEST(CaseCsvTest, QuotedValuesMayHoldCommasAndQuotes) {
  const CaseCsv table("t.csv",
                      "op,text,ret\n0,\"open 0 /a rd,direct\",5\n\n1,\"a \"\"b\"\"\",-1\n");
  ASSERT_EQ(table.rows(), 2u);
  EXPECT_EQ(table.Text(0, "text"), "open 0 /a rd,direct");
  EXPECT_EQ(table.Text(1, "text"), "a \"b\"");
  EXPECT_EQ(table.Integer(1, "ret"), -1);
  EXPECT_EQ(table.Text(0, "absent"), "");
  EXPECT_TRUE(table.HasColumn("ret"));
  EXPECT_FALSE(table.HasColumn("absent"));
}

TEST(CaseCsvTest, EmptyNumbers) {
  const CaseCsv table("t.csv", "a,b\n,1\n");
  EXPECT_FALSE(table.OptionalUnsigned(0, "a"));
  EXPECT_EQ(table.OptionalUnsigned(0, "b"), 1u);
  EXPECT_EQ(CaseCsv("t.csv", "a\n18446744073709551615\n").OptionalUnsigned(0, "a"), UINT64_MAX);
}

TEST(CaseCsvTest, MistakesAreToldWithTheirLine) {
  EXPECT_EQ(ErrorOf([] { CaseCsv("t.csv", "a,b\n1,2\n\n1\n"); }),
            "t.csv:4: 1 values, but 2 columns");
  EXPECT_EQ(ErrorOf([] { CaseCsv("t.csv", "a,b\n\"1,2\n"); }), "t.csv:2: a quote has no end");
  EXPECT_EQ(ErrorOf([] { CaseCsv("t.csv", "a\nx1\n").Integer(0, "a"); }),
            "t.csv:2: \"x1\" in column a is no number");
}

}  // namespace
}  // namespace biotope
