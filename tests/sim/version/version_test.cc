#include "sim/version/version.h"

#include <gtest/gtest.h>

#include <regex>
#include <string>

namespace biotope {
namespace {

TEST(VersionTest, VersionIsThreeNumbers) {
  EXPECT_TRUE(std::regex_match(std::string(Version()), std::regex("[0-9]+\\.[0-9]+\\.[0-9]+")))
      << Version();
}

TEST(VersionTest, CommitIsAHashOrUnknown) {
  EXPECT_TRUE(std::regex_match(std::string(Commit()), std::regex("[0-9a-f]{40}|unknown")))
      << Commit();
}

TEST(VersionTest, BuildModeNamesTheSanitizer) {
  EXPECT_TRUE(BuildMode() == "opt" || BuildMode() == "dbg" || BuildMode() == "dbg+asan")
      << BuildMode();
#ifdef __SANITIZE_ADDRESS__
  EXPECT_TRUE(BuildMode().ends_with("+asan"));
#endif
}

}  // namespace
}  // namespace biotope
