#include "sim/scenario/source_text.h"

#include <gtest/gtest.h>

#include <string>

#include "sim/scenario/quote.h"
#include "sim/scenario/utf8.h"

namespace biotope {
namespace {

TEST(SourceTextTest, PlacesAreLineAndColumnFromOne) {
  const SourceText text = SourceText::File("f", "ab\nc\r\n\nd");
  EXPECT_EQ(text.Where(0), "f:1:1");
  EXPECT_EQ(text.Where(1), "f:1:2");
  EXPECT_EQ(text.Where(3), "f:2:1");
  EXPECT_EQ(text.Where(7), "f:4:1");
  EXPECT_EQ(text.Where(8), "f:4:2");
  EXPECT_EQ(SourceText::Argument("--set", "a=b").Where(2), "--set a=b");
  EXPECT_EQ(SourceText::File("f", "").Where(0), "f:1:1");
}

TEST(SourceTextTest, TheTokenizersColumnsHaveTabStops) {
  const SourceText text = SourceText::File("f", "x\n\tab\tc\n");
  EXPECT_EQ(text.Offset(1, 0), 2u);
  EXPECT_EQ(text.Offset(1, 8), 3u);   // a
  EXPECT_EQ(text.Offset(1, 9), 4u);   // b
  EXPECT_EQ(text.Offset(1, 16), 6u);  // c
  EXPECT_EQ(text.Offset(1, 99), 7u);  // the end of the line
  EXPECT_EQ(text.Offset(99, 0), 8u);
  EXPECT_EQ(text.Offset(-1, -1), 0u);
}

TEST(SourceTextTest, TheCaretStandsUnderTheWord) {
  const SourceText text = SourceText::File("f", "one\n  two: 3\r\n");
  EXPECT_EQ(text.Excerpt({6, 3}), "  two: 3\n  ^~~\n");
  EXPECT_EQ(text.Excerpt({3, 0}), "one\n   ^\n");
  EXPECT_EQ(text.Excerpt({6, 100}), "  two: 3\n  ^~~~~~\n");
  EXPECT_EQ(SourceText::File("f", "").Excerpt({0, 0}), "\n^\n");
}

TEST(SourceTextTest, TabsWideAndCombiningCharactersKeepTheCaretInPlace) {
  EXPECT_EQ(SourceText::File("f", "\ta\tbc").Excerpt({3, 2}), "\ta\tbc\n\t \t^~\n");
  EXPECT_EQ(SourceText::File("f", "日本 x").Excerpt({7, 1}), "日本 x\n     ^\n");
  EXPECT_EQ(SourceText::File("f", "日本 x").Excerpt({0, 6}), "日本 x\n^~~~\n");
  EXPECT_EQ(SourceText::File("f", "e\u0301 x").Excerpt({4, 1}), "e\u0301 x\n  ^\n");
}

TEST(SourceTextTest, TerminalsAreNotDisturbed) {
  EXPECT_EQ(SourceText::File("f", "a\x1b[31m\xff z").Excerpt({8, 1}), "a?[31m? z\n        ^\n");
}

TEST(SourceTextTest, OfALongLineTheSurroundingsAreShown) {
  const std::string line = std::string(300, 'a') + "X" + std::string(300, 'b');
  const std::string excerpt = SourceText::File("f", line).Excerpt({300, 1});
  EXPECT_EQ(excerpt, "..." + std::string(60, 'a') + "X" + std::string(99, 'b') + "...\n" +
                         std::string(63, ' ') + "^\n");
  // Whole characters of several bytes only.
  std::string wide;
  for (int i = 0; i < 200; ++i) wide += "日";
  EXPECT_EQ(SourceText::File("f", wide).Excerpt({300, 3}).find('?'), std::string::npos);
}

TEST(QuoteTest, ClipsAndCleans) {
  EXPECT_EQ(Quote("a b"), "\"a b\"");
  EXPECT_EQ(Quote(std::string("a\0\x1b\n", 4)), "\"a???\"");
  EXPECT_EQ(Quote(std::string(200, 'x')), "\"" + std::string(100, 'x') + "...\"");
  EXPECT_EQ(JoinWords({"a", "b"}), "a, b");
  EXPECT_EQ(JoinWords({}), "");
}

TEST(Utf8Test, RefusesWhatTheStandardRefuses) {
  const auto valid = [](std::string_view text) { return DecodeUtf8(text, 0).valid; };
  EXPECT_TRUE(valid("a"));
  EXPECT_TRUE(valid("é"));
  EXPECT_TRUE(valid("日"));
  EXPECT_TRUE(valid("\xf0\x9f\x98\x80"));
  EXPECT_FALSE(valid("\x80"));              // a continuation
  EXPECT_FALSE(valid("\xc3"));              // cut off
  EXPECT_FALSE(valid("\xc3x"));             // not a continuation
  EXPECT_FALSE(valid("\xc0\x80"));          // overlong
  EXPECT_FALSE(valid("\xe0\x80\x80"));      // overlong
  EXPECT_FALSE(valid("\xed\xa0\x80"));      // surrogate
  EXPECT_FALSE(valid("\xf4\x90\x80\x80"));  // beyond U+10FFFF
  EXPECT_FALSE(valid("\xff"));
  EXPECT_EQ(DecodeUtf8("日", 0).value, 0x65e5u);
  EXPECT_EQ(DecodeUtf8("日", 0).length, 3u);
}

}  // namespace
}  // namespace biotope
