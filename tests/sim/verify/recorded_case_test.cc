#include "sim/verify/recorded_case.h"

#include <gtest/gtest.h>

#include <string>

#include "sim/core/error.h"
#include "tests/sim/verify/case_folder.h"

namespace biotope {
namespace {

using testing::CaseFolder;

// What is wrong, without the folder in front of it.
std::string ErrorOf(const CaseFolder& folder) {
  try {
    ReadCase(folder.path());
  } catch (const Error& error) {
    const std::string text = error.what();
    return text.starts_with(folder.path()) ? text.substr(folder.path().size() + 1) : text;
  }
  return "no error";
}

TEST(RecordedCaseTest, ReadsAllFourFiles) {
  const RecordedCase recorded = ReadCase(CaseFolder("whole").path());
  EXPECT_EQ(recorded.name, "tiny");
  EXPECT_EQ(recorded.kernel, "2.6.11");
  EXPECT_EQ(recorded.image, "fs4k");
  EXPECT_EQ(recorded.tcq_depth, 16u);
  EXPECT_EQ(recorded.queue.at("read_ahead_kb"), "128");
  EXPECT_TRUE(recorded.stable.queue);
  EXPECT_FALSE(recorded.stable.issue);
  ASSERT_EQ(recorded.operations.size(), 2u);
  ASSERT_EQ(recorded.results.size(), 2u);
  EXPECT_EQ(recorded.results[1], (OperationResult{-1, 5}));
  ASSERT_EQ(recorded.events.size(), 4u);
  EXPECT_FALSE(recorded.events[0].in_task);
  EXPECT_FALSE(recorded.events[0].operation);
  EXPECT_TRUE(recorded.events[1].in_task);
  EXPECT_EQ(ToText(recorded.events[1]), "Q R 8+8, operation 1");
  EXPECT_EQ(ToText(recorded.events[2]), "P, operation 1");
  EXPECT_EQ(ToText(recorded.events[3]), "U (1), operation 1");
}

TEST(RecordedCaseTest, TheRecordMayBeMissing) {
  const CaseFolder folder("bare");
  folder.Remove("ops.csv");
  folder.Remove("events.csv");
  const RecordedCase recorded = ReadCase(folder.path());
  EXPECT_TRUE(recorded.results.empty());
  EXPECT_TRUE(recorded.events.empty());
}

TEST(RecordedCaseTest, WaitingHasNoResult) {
  const CaseFolder folder("join");
  folder.Write("ops.txt", "~read 0 4096\njoin\n");
  folder.Write("ops.csv", "op,proc,text,ret,errno\n0,P0,\"read\",1,0\n1,main,\"join\",,\n");
  folder.Remove("events.csv");
  EXPECT_EQ(ReadCase(folder.path()).results.at(1), OperationResult{});
}

TEST(RecordedCaseTest, WithoutOperationsItIsNoTrace) {
  const CaseFolder folder("table");
  folder.Remove("ops.txt");
  EXPECT_NE(ReadCase(folder.path()).not_a_trace, "");
}

TEST(RecordedCaseTest, MistakesInCaseJson) {
  const CaseFolder folder("json");
  folder.Write("case.json", "{\n \"case\": \"a\",\n oops\n}");
  EXPECT_TRUE(ErrorOf(folder).starts_with("case.json:3: no JSON: ")) << ErrorOf(folder);
  folder.Write("case.json", "[]");
  EXPECT_EQ(ErrorOf(folder), "case.json:1: not an object");
  folder.Write("case.json", "{\n \"case\": 7\n}");
  EXPECT_EQ(ErrorOf(folder), "case.json:2: \"case\" must be a text");
  folder.Write("case.json", "{ \"case\": \"a\" }");
  EXPECT_EQ(ErrorOf(folder), "case.json:1: \"kernel\" is missing: such as \"2.6.11\"");
  folder.Write("case.json", "{ \"case\": \"a\", \"kernel\": \"2.6.11\",\n\"nprocs\": -1 }");
  EXPECT_EQ(ErrorOf(folder), "case.json:2: \"nprocs\" must be a number, not negative");
  folder.Write("case.json", "{ \"case\": \"a\", \"kernel\": \"2.6.11\",\n\"queue\": [] }");
  EXPECT_EQ(ErrorOf(folder), "case.json:2: \"queue\" must be an object");
  folder.Remove("case.json");
  EXPECT_EQ(ErrorOf(folder), "case.json: cannot be read");
}

TEST(RecordedCaseTest, MistakesInTheTables) {
  const CaseFolder folder("tables");
  folder.Write("ops.csv", "op,proc,text,ret,errno\n0,P0,\"open\",5,0\n2,P0,\"read\",1,0\n");
  EXPECT_EQ(ErrorOf(folder), "ops.csv:3: operation 1 is expected here");
  folder.Write("ops.csv", "op,proc,text,ret,errno\n0,P0,\"open\",5,0\n");
  EXPECT_EQ(ErrorOf(folder), "ops.csv:1: 1 operations, but ops.txt has 2");
  folder.Write("ops.csv", "op,proc,text,ret,errno\n0,P0,\"open\",five,0\n1,P0,\"read\",1,0\n");
  EXPECT_EQ(ErrorOf(folder), "ops.csv:2: \"five\" in column ret is no number");
  folder.Remove("ops.csv");
  const std::string header = "seq,event,rw,sector,nr_sectors,tag,op\n";
  folder.Write("events.csv", header + "0,Q,R,8,8,P0,0\n1,Q,R,8,8,P0,2\n");
  EXPECT_EQ(ErrorOf(folder), "events.csv:3: operation 2: ops.txt has only 2");
  folder.Write("events.csv", header + "0,,R,8,8,P0,0\n");
  EXPECT_EQ(ErrorOf(folder), "events.csv:2: the event is missing");
  folder.Write("events.csv", header + "0,Q,R,-8,8,P0,0\n");
  EXPECT_EQ(ErrorOf(folder), "events.csv:2: \"-8\" in column sector is no number");
  folder.Write("ops.txt", "read 0 x\n");
  EXPECT_EQ(ErrorOf(folder), "ops.txt:1: \"x\" is no number (length)");
}

TEST(RecordedCaseTest, NoFolder) {
  EXPECT_THROW(ReadCase("tests/no/such/folder"), EnvironmentError);
}

}  // namespace
}  // namespace biotope
