#include "sim/scenario/quantity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "sim/core/error.h"

namespace biotope {
namespace {

using ::testing::HasSubstr;

template <class Parse>
std::string ErrorOf(Parse parse) {
  try {
    parse();
    return "";
  } catch (const ScenarioError& error) {
    return error.what();
  }
}

struct SizeCase {
  const char* text;
  uint64_t bytes;
};

TEST(QuantityTest, SizesHavePowersOf1024) {
  const SizeCase cases[] = {
      {"0", 0},           {"512", 512},         {"4k", 4096},
      {"4K", 4096},       {"4kb", 4096},        {"4kB", 4096},
      {"4KiB", 4096},     {"4kib", 4096},       {"7b", 7},
      {"1m", 1 << 20},    {"2GiB", 2ull << 30}, {"1t", 1ull << 40},
      {"1p", 1ull << 50}, {"15e", 15ull << 60}, {"18446744073709551615", UINT64_MAX},
  };
  for (const SizeCase& c : cases) EXPECT_EQ(ParseSize(c.text), Bytes(c.bytes)) << c.text;
}

TEST(QuantityTest, RefusesWhatIsNotASize) {
  for (const char* text : {"", "k", "4q", "4 k", " 4k", "4k ", "-4k", "+4k", "4.5k", "4kk", "4kib2",
                           "0x10", "4ki", "ib", "4i", "4bb", "4k\n"}) {
    EXPECT_THAT(ErrorOf([&] { ParseSize(text); }), HasSubstr("is not a size; write a whole number"))
        << text;
  }
  EXPECT_THAT(ErrorOf([] { ParseSize(std::string_view("4\0k", 3)); }), HasSubstr("is not a size"));
}

TEST(QuantityTest, RefusesSizesThatDoNotFit) {
  for (const char* text :
       {"18446744073709551616", "16e", "99999999999999999999999", "17179869184g"}) {
    EXPECT_THAT(ErrorOf([&] { ParseSize(text); }),
                HasSubstr("is too large; the limit is 18446744073709551615 bytes"))
        << text;
  }
}

TEST(QuantityTest, SignedSizes) {
  EXPECT_EQ(ParseSignedSize("-4k"), -4096);
  EXPECT_EQ(ParseSignedSize("+4k"), 4096);
  EXPECT_EQ(ParseSignedSize("0"), 0);
  EXPECT_EQ(ParseSignedSize("9223372036854775807"), INT64_MAX);
  EXPECT_EQ(ParseSignedSize("-9223372036854775807"), -INT64_MAX);
  EXPECT_THAT(ErrorOf([] { ParseSignedSize("9223372036854775808"); }), HasSubstr("too large"));
  EXPECT_THAT(ErrorOf([] { ParseSignedSize("--4k"); }), HasSubstr("\"--4k\" is not a size"));
  EXPECT_THAT(ErrorOf([] { ParseSignedSize("-"); }), HasSubstr("is not a size"));
}

struct TimeCase {
  const char* text;
  Tick time;
};

TEST(QuantityTest, Times) {
  const TimeCase cases[] = {
      {"0", Tick(0)},
      {"1ns", kNanosecond},
      {"50us", 50 * kMicrosecond},
      {"50usec", 50 * kMicrosecond},
      {"1ms", kMillisecond},
      {"3msec", 3 * kMillisecond},
      {"10s", 10 * kSecond},
      {"500", 500 * kSecond},
      {"2m", 120 * kSecond},
      {"2min", 120 * kSecond},
      {"1h", 3600 * kSecond},
      {"1d", 86400 * kSecond},
      {"213d", 213 * 86400 * kSecond},
  };
  for (const TimeCase& c : cases) EXPECT_EQ(ParseTime(c.text), c.time) << c.text;
  EXPECT_EQ(ParseTime("50", kMicrosecond), 50 * kMicrosecond);
  EXPECT_EQ(ParseTime("50s", kMicrosecond), 50 * kSecond);
}

TEST(QuantityTest, RefusesWhatIsNotATime) {
  for (const char* text : {"", "s", "1.5s", "-1s", "1 s", "1ps", "1S", "1M", "1hour", "1s1s"}) {
    EXPECT_THAT(ErrorOf([&] { ParseTime(text); }), HasSubstr("is not a time; write a whole number"))
        << text;
  }
  for (const char* text : {"214d", "18446745s", "99999999999999999999"}) {
    EXPECT_THAT(ErrorOf([&] { ParseTime(text); }), HasSubstr("the limit is 213 days")) << text;
  }
}

RC_GTEST_PROP(QuantityProperty, APlainNumberIsItself, (uint64_t number)) {
  RC_ASSERT(ParseSize(std::to_string(number)).value() == number);
}

RC_GTEST_PROP(QuantityProperty, AUnitMultiplies, ()) {
  const auto power = *rc::gen::inRange<size_t>(0, 6);
  const auto number = *rc::gen::inRange<uint64_t>(0, uint64_t{1} << (63 - 10 * (power + 1)));
  const std::string suffix = *rc::gen::element<std::string>("", "b", "B", "ib", "iB", "IB");
  const std::string text = std::to_string(number) + "kmgtpe"[power] + suffix;
  RC_ASSERT(ParseSize(text).value() == number << (10 * (power + 1)));
  RC_ASSERT(ParseSignedSize("-" + text) == -static_cast<int64_t>(ParseSize(text).value()));
}

RC_GTEST_PROP(QuantityProperty, TimesOfDifferentUnitsAgree, ()) {
  const auto ms = *rc::gen::inRange<uint64_t>(0, 18'000'000);
  const std::string text = std::to_string(ms);
  RC_ASSERT(ParseTime(text + "ms") == ParseTime(text + "000us"));
  RC_ASSERT(ParseTime(text + "000ms") == ParseTime(text + "s"));
  RC_ASSERT(ParseTime(text + "ms").value() == ms * 1'000'000'000);
}

RC_GTEST_PROP(QuantityProperty, AnyTextGivesAValueOrAMessage, (const std::string& text)) {
  for (const auto& error : {ErrorOf([&] { ParseSize(text); }), ErrorOf([&] { ParseTime(text); }),
                            ErrorOf([&] { ParseSignedSize(text); })}) {
    RC_ASSERT(error.empty() || error.find("is not a") != std::string::npos ||
              error.find("is too large") != std::string::npos);
  }
}

}  // namespace
}  // namespace biotope
