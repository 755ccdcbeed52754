#include "sim/scenario/check_rules.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "configs/schema/scenario.pb.h"

namespace biotope {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

template <class M>
M Parse(const std::string& text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

std::vector<std::string> Messages(const std::vector<Problem>& problems) {
  std::vector<std::string> messages;
  for (const Problem& problem : problems) messages.push_back(problem.message);
  return messages;
}

template <class M>
std::vector<std::string> Check(const std::string& text) {
  return Messages(CheckRules(Parse<M>(text), "x", {}));
}

TEST(CheckRulesTest, LimitsBelongToTheRange) {
  EXPECT_THAT(Check<Queue>("nr_requests: 4"), IsEmpty());
  EXPECT_THAT(Check<Queue>("nr_requests: 65536"), IsEmpty());
  EXPECT_THAT(Check<Queue>("nr_requests: 3"),
              ElementsAre("x.nr_requests must be in [4, 65536], got 3"));
  EXPECT_THAT(Check<Queue>("nr_requests: 65537"),
              ElementsAre("x.nr_requests must be in [4, 65536], got 65537"));
  EXPECT_THAT(Check<Queue>("read_ahead_kb: 0"), IsEmpty());
}

TEST(CheckRulesTest, QuantitiesAreComparedByValue) {
  EXPECT_THAT(Check<FioJob>("filename: '/a' bs: '1048576k'"), IsEmpty());
  EXPECT_THAT(Check<FioJob>("filename: '/a' bs: '1048577k'"),
              ElementsAre("x.bs must be in [1, 1g], got 1048577k"));
  EXPECT_THAT(Check<FioJob>("filename: '/a' runtime: '2400h'"), IsEmpty());
  EXPECT_THAT(Check<FioJob>("filename: '/a' runtime: '2401h'"),
              ElementsAre("x.runtime must be in [1ns, 100d], got 2401h"));
  // Bare numbers: seconds there, microseconds here.
  EXPECT_THAT(Check<FioJob>("filename: '/a' runtime: '9000000'"),
              ElementsAre("x.runtime must be in [1ns, 100d], got 9000000"));
  EXPECT_THAT(Check<FioJob>("filename: '/a' thinktime: '9000000'"), IsEmpty());
}

TEST(CheckRulesTest, LengthsAndNumbersOfEntries) {
  EXPECT_THAT(Check<Process>("name: 'fifteen_letters' script { call { close {} } }"), IsEmpty());
  EXPECT_THAT(Check<Process>("name: 'sixteen_letters_' script { call { close {} } }"),
              ElementsAre("x.name may have at most 15 bytes, got 16"));
  EXPECT_THAT(Check<SynthesizedFile>("size: '1k' path: '" + std::string(4096, 'a') + "'"),
              IsEmpty());
  EXPECT_THAT(Check<SynthesizedFile>("size: '1k' path: '" + std::string(4097, 'a') + "'"),
              ElementsAre("x.path may have at most 4096 bytes, got 4097"));
  Cpu cpu;
  cpu.set_frequency_khz(1000);
  for (int i = 0; i < 1000; ++i) cpu.add_cost()->set_function("f" + std::to_string(i));
  EXPECT_THAT(CheckRules(cpu, "x", {}), IsEmpty());
  cpu.add_cost();
  EXPECT_THAT(Messages(CheckRules(cpu, "x", {})),
              ElementsAre("x.cost may have at most 1000 entries, got 1001"));
}

TEST(CheckRulesTest, WhatIsRequired) {
  EXPECT_THAT(Check<Machine>(""), ElementsAre("x.cpu is required"));
  EXPECT_THAT(Check<Script>(""), ElementsAre("x.call is required"));
  EXPECT_THAT(Check<SystemCall>(""),
              ElementsAre("x needs one of: open, read, pread, lseek, close, fadvise, readahead, "
                          "compute, pwrite, io_setup, io_destroy, io_submit, io_getevents, "
                          "io_cancel"));
  EXPECT_THAT(Check<Cpu>(""), ElementsAre("x lacks frequency_khz"));
}

TEST(CheckRulesTest, BelowAnUnknownProfileNothingIsMissing) {
  const auto machine = Parse<Machine>("cores: 0 cpu { cost { cycles: 1 } }");
  EXPECT_THAT(Messages(CheckRules(machine, "m", {"m.cpu"})),
              ElementsAre("m.cores must be in [1, 1024], got 0"));
  EXPECT_THAT(Messages(CheckRules(machine, "m", {"m.other"})),
              ElementsAre("m.cpu.cost[0].function is required", "m.cpu lacks frequency_khz",
                          "m.cores must be in [1, 1024], got 0"));
}

TEST(CheckRulesTest, EmptyTexts) {
  EXPECT_THAT(Check<FioJob>("filename: ''"), ElementsAre("x.filename is empty"));
  EXPECT_THAT(Check<FioJob>("filename: '/a' bs: ''"), ElementsAre("x.bs is empty"));
  EXPECT_THAT(Check<Cost>("function: 'f' source: ''"), IsEmpty());
}

}  // namespace
}  // namespace biotope
