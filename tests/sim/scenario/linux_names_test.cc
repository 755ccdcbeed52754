#include "sim/scenario/linux_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "sim/core/error.h"

namespace biotope {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(LinuxNamesTest, Errors) {
  EXPECT_EQ(ErrnoByName("ENOENT"), ENOENT);
  EXPECT_EQ(ErrnoByName("EINVAL"), 22);
  EXPECT_EQ(ErrnoByName("enoent"), std::nullopt);
  EXPECT_EQ(ErrnoByName(""), std::nullopt);
  EXPECT_EQ(ErrnoName(24), "EMFILE");
  EXPECT_EQ(ErrnoName(0), "");
  EXPECT_EQ(ErrnoName(-1), "");
  EXPECT_EQ(ErrnoName(99999), "");
  for (const std::string& name : ErrnoNames()) EXPECT_EQ(ErrnoName(*ErrnoByName(name)), name);
}

TEST(LinuxNamesTest, OpenFlagsHaveTheNumbersOfX86) {
  EXPECT_EQ(ParseOpenFlags("O_RDONLY"), 0u);
  EXPECT_EQ(ParseOpenFlags("O_RDWR|O_DIRECT"), 040002u);
  EXPECT_EQ(ParseOpenFlags("O_DIRECT"), 040000u);
  EXPECT_EQ(ParseOpenFlags("O_LARGEFILE|O_NOATIME|O_RDONLY"), 01100000u);
}

TEST(LinuxNamesTest, WrongOpenFlags) {
  EXPECT_THAT([] { ParseOpenFlags("O_DIREC"); },
              ThrowsMessage<ScenarioError>(HasSubstr("did you mean \"O_DIRECT\"?")));
  EXPECT_THAT([] { ParseOpenFlags(""); }, ThrowsMessage<ScenarioError>(HasSubstr("O_RDONLY, ")));
  EXPECT_THAT([] { ParseOpenFlags("O_DIRECT|"); }, ThrowsMessage<ScenarioError>(HasSubstr("\"\"")));
  EXPECT_THAT([] { ParseOpenFlags("O_RDONLY|O_RDWR"); },
              ThrowsMessage<ScenarioError>("O_RDONLY and O_RDWR exclude each other"));
}

TEST(LinuxNamesTest, ExpectedResults) {
  EXPECT_EQ(ParseExpectedResult("4096"), 4096);
  EXPECT_EQ(ParseExpectedResult("4k"), 4096);
  EXPECT_EQ(ParseExpectedResult("-EBADF"), -EBADF);
  EXPECT_THAT([] { ParseExpectedResult("8e"); }, ThrowsMessage<ScenarioError>(HasSubstr("large")));
  EXPECT_THAT([] { ParseExpectedResult("-EBADFD2"); },
              ThrowsMessage<ScenarioError>(HasSubstr("did you mean \"-EBADFD\"?")));
  EXPECT_THAT([] { ParseExpectedResult("EBADF"); },
              ThrowsMessage<ScenarioError>(HasSubstr("is not a size")));
  EXPECT_THAT([] { ParseExpectedResult("-9"); },
              ThrowsMessage<ScenarioError>(HasSubstr("negative name of an error")));
}

}  // namespace
}  // namespace biotope
