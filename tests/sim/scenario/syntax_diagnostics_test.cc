// What a user sees when the text of a scenario cannot be read: golden diagnostics, one mistake
// each.

#include <gtest/gtest.h>

#include <string>

#include "tests/sim/scenario/test_scenario.h"

namespace biotope {
namespace {

struct SyntaxCase {
  const char* name;
  std::string text;
  const char* diagnostics;
};

const SyntaxCase kCases[] = {
    {"UnknownField", "machine {\n  coers: 2\n}\n",
     R"(s.textproto:2:3: error: machine has no field "coers"; did you mean "cores"?
  coers: 2
  ^~~~~
  note: fields of machine: cpu, cores, memory)"},
    {"FieldOfAnotherMessage", "process {\n  iodepth: 4\n}\n",
     R"(s.textproto:2:3: error: process has no field "iodepth"
  iodepth: 4
  ^~~~~~~
  note: fields of process: name, fio, script
  note: a field of this name: process.fio.iodepth)"},
    {"FieldOfAMessageWithoutFields",
     "block_device {\n  queue { scheduler { noop { depth: 1 } } }\n}\n",
     R"(s.textproto:2:30: error: noop has no field "depth"
  queue { scheduler { noop { depth: 1 } } }
                             ^~~~~
  note: noop has no fields)"},
    {"UnknownEnumValue", "process {\n  fio {\n    rw: randraed\n  }\n}\n",
     R"(s.textproto:3:9: error: "randraed" is not a value of rw; did you mean "RANDREAD"?
    rw: randraed
        ^~~~~~~~
  note: values of rw: READ, RANDREAD, WRITE, RANDWRITE)"},
    {"EnumValueInQuotes", R"(process { fio { rw: "READ" } })",
     R"(s.textproto:1:21: error: rw takes one of READ, RANDREAD, WRITE, RANDWRITE, got `"READ"`
process { fio { rw: "READ" } }
                    ^~~~~~
  note: write it without quotes)"},
    {"LastWordOfALine", "process {\n  fio {\n    rw: RANDREED\n\n  }\n}\n",
     R"(s.textproto:3:9: error: "RANDREED" is not a value of rw; did you mean "RANDREAD"?
    rw: RANDREED
        ^~~~~~~~
  note: values of rw: READ, RANDREAD, WRITE, RANDWRITE)"},
    {"Negative", "seed: -1",
     R"(s.textproto:1:7: error: seed takes a whole number from 0 to 18446744073709551615, got `-1`
seed: -1
      ^~)"},
    {"TooLargeForItsType", "schema_version: 99999999999",
     R"(s.textproto:1:17: error: schema_version takes a whole number from 0 to 4294967295, got `99999999999`
schema_version: 99999999999
                ^~~~~~~~~~~)"},
    {"Fraction", "seed: 1.5",
     R"(s.textproto:1:7: error: seed takes a whole number from 0 to 18446744073709551615, got `1.5`
seed: 1.5
      ^~~)"},
    {"GivenTwice", "seed: 1 seed: 2",
     R"(s.textproto:1:9: error: "seed" is given twice
seed: 1 seed: 2
        ^~~~)"},
    {"BothArms", "block_device {\n  scsi {}\n  ide {}\n}\n",
     R"(s.textproto:3:3: error: "ide" is given along with "scsi"
  ide {}
  ^~~
  note: only one may be given of: scsi, ide)"},
    {"NotClosed", "process {\n  fio {\n    bs: \"4k\"\n  }\n\n# the end\n",
     R"(s.textproto:4:4: error: unexpected end of file; `process {` opened at 1:1 is not closed
  }
   ^)"},
    {"ClosedTooOften", "seed: 1\n}\n",
     R"(s.textproto:2:1: error: unexpected `}`; nothing is open here
}
^)"},
    {"ClosedByAnother", "kernel < hz: 3 }",
     R"(s.textproto:1:16: error: expected `>`, not `}`; `kernel <` opened at 1:1 is not closed
kernel < hz: 3 }
               ^)"},
    {"UnquotedQuantity", "process { fio { bs: 4k } }",
     R"(s.textproto:1:21: error: "4k" is not a number
process { fio { bs: 4k } }
                    ^~
  note: a quantity stands in quotes: "4k")"},
    {"UnquotedText", "process { name: reader }",
     R"(s.textproto:1:17: error: name takes a text in quotes, got `reader`
process { name: reader }
                ^~~~~~
  note: write name: "reader")"},
    {"NumberForText", "title: 5",
     R"(s.textproto:1:8: error: title takes a text in quotes, got `5`
title: 5
       ^
  note: write title: "5")"},
    {"NumberForMessage", "kernel: 5",
     R"(s.textproto:1:9: error: kernel takes fields in braces, got `5`
kernel: 5
        ^)"},
    {"WordForMessage", "kernel hz",
     R"(s.textproto:1:8: error: kernel takes fields in braces, got `hz`
kernel hz
       ^~)"},
    {"MessageForNumber", "seed: { }",
     R"(s.textproto:1:7: error: seed takes a whole number from 0 to 18446744073709551615, got `{`
seed: { }
      ^)"},
    {"NumberForBool", "block_device { ide { lba48: 2 } }",
     R"(s.textproto:1:29: error: lba48 takes true or false, got `2`
block_device { ide { lba48: 2 } }
                            ^)"},
    {"NoColon", "seed 1",
     R"(s.textproto:1:6: error: expected `:` and a value after "seed"
seed 1
     ^)"},
    {"EqualsSign", "seed = 1",
     R"(s.textproto:1:6: error: expected `:` and a value after "seed"
seed = 1
     ^)"},
    {"ValueMissingAtTheEnd", "seed:",
     R"(s.textproto:1:6: error: a value is missing after `:`
seed:
     ^)"},
    {"ValueMissing", "process { name: }",
     R"(s.textproto:1:16: error: a value is missing after `:`
process { name: }
               ^)"},
    {"TextNotClosed", "title: \"abc\nseed: 1\n",
     R"(s.textproto:1:8: error: this text has no closing "
title: "abc
       ^~~~)"},
    {"TextNotClosedAtTheEnd", R"(title: "abc)",
     R"(s.textproto:1:8: error: this text has no closing "
title: "abc
       ^~~~)"},
    {"BadEscape", R"(title: "a\q")",
     R"(s.textproto:1:11: error: invalid escape sequence in a text
title: "a\q"
          ^)"},
    {"Octal", "seed: 010",
     R"(s.textproto:1:7: error: a number with a leading zero would be octal; write 10
seed: 010
      ^~~)"},
    {"BadNumber", "seed: 12ab",
     R"(s.textproto:1:7: error: "12ab" is not a number
seed: 12ab
      ^~~~
  note: a quantity stands in quotes: "12ab")"},
    {"NameExpected", R"(seed: 1,, title: "x")",
     R"(s.textproto:1:9: error: expected the name of a field of Scenario, got `,`
seed: 1,, title: "x"
        ^)"},
    {"NumberForName", "1: 2",
     R"(s.textproto:1:1: error: expected the name of a field of Scenario, got `1`
1: 2
^)"},
    {"Extension", "[foo.bar]: 1",
     R"(s.textproto:1:10: error: a scenario has no extensions
[foo.bar]: 1
         ^)"},
    {"CommentOfAnotherLanguage", "seed: 1  // the seed\n",
     R"(s.textproto:1:10: error: a comment begins with #
seed: 1  // the seed
         ^~)"},
    {"FullWidthColon", "seed： 1",
     R"(s.textproto:1:5: error: unexpected character "：" outside quotes
seed： 1
    ^~
  note: write the ASCII :)"},
    {"CurlyQuotes", "title: “abc”",
     R"(s.textproto:1:8: error: unexpected character "“" outside quotes
title: “abc”
       ^
  note: write the ASCII ")"},
    {"NoBreakSpace", "seed:\302\2401",
     "s.textproto:1:6: error: unexpected character \"\302\240\" outside quotes\nseed:\302\2401\n   "
     "  ^\n  note: write an ordinary space"},
    {"ByteOrderMark", "\357\273\277seed: 1",
     R"(s.textproto:1:1: error: remove the byte order mark (U+FEFF)
?seed: 1
^)"},
    {"Latin1", "title: \042caf\351\042",
     R"(s.textproto:1:12: error: not a text file: this byte is not UTF-8
title: "caf?"
           ^)"},
    {"Nul", std::string("seed: 1\0", 8),
     R"(s.textproto:1:8: error: not a text file: control character 0x00
seed: 1?
       ^)"},
    {"Tabs", "\t\tmachine { cores: 1\tmemry: 2 }",
     R"(s.textproto:1:22: error: machine has no field "memry"; did you mean "memory"?
		machine { cores: 1	memry: 2 }
		                  	^~~~~
  note: fields of machine: cpu, cores, memory)"},
    {"WideCharacters", R"(process { name: "日本語" nam: "x" })",
     R"(s.textproto:1:29: error: process has no field "nam"; did you mean "name"?
process { name: "日本語" nam: "x" }
                         ^~~
  note: fields of process: name, fio, script)"},
    {"ListOfMessages", R"(process: [{ name: "a" }, { nam: "b" }])",
     R"(s.textproto:1:28: error: process has no field "nam"; did you mean "name"?
process: [{ name: "a" }, { nam: "b" }]
                           ^~~
  note: fields of process: name, fio, script)"},
};

class SyntaxDiagnosticsTest : public ::testing::TestWithParam<SyntaxCase> {};

TEST_P(SyntaxDiagnosticsTest, Golden) {
  EXPECT_EQ(DiagnosticsOf(GetParam().text), GetParam().diagnostics);
}

INSTANTIATE_TEST_SUITE_P(All, SyntaxDiagnosticsTest, ::testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(SyntaxDiagnosticsLimitsTest, AFileOfMoreThanAMebibyte) {
  const std::string text = std::string(1 << 20, ' ') + "\n";
  EXPECT_EQ(DiagnosticsOf(text),
            "s.textproto:1:1: error: the file has more than 1048576 bytes; that is not a scenario");
}

TEST(SyntaxDiagnosticsLimitsTest, DeepNesting) {
  std::string text;
  for (int i = 0; i < 10000; ++i) text += "kernel {";
  EXPECT_EQ(DiagnosticsOf(text).substr(0, 58),
            "s.textproto:1:264: error: nested deeper than 32 levels\n...");
}

TEST(SyntaxDiagnosticsLimitsTest, OneVeryLongLine) {
  const std::string text = "title: \"" + std::string(1'000'000, 'x') + "\" sed: 1";
  const std::string diagnostics = DiagnosticsOf(text);
  EXPECT_EQ(diagnostics.substr(0, 79),
            "s.textproto:1:1000011: error: Scenario has no field \"sed\"; did you mean \"seed\"?");
  EXPECT_LT(diagnostics.size(), 1000u);
}

}  // namespace
}  // namespace biotope
