// Each rule finds what was planted, where it was planted, and nothing else.

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "tests/lint/build_files.h"
#include "tests/lint/forbidden.h"
#include "tests/lint/include_table.h"
#include "tests/lint/shape.h"
#include "tests/lint/source_file.h"

namespace biotope::lint {
namespace {

// "path:line" of each finding, separated by blanks.
std::string Places(const std::vector<Finding>& findings) {
  std::string places;
  for (const Finding& finding : findings) {
    if (!places.empty()) places += ' ';
    places += finding.path + ':' + std::to_string(finding.line);
  }
  return places;
}

TEST(SourceFileTest, BlanksCommentsAndLiterals) {
  const struct {
    std::string text;
    std::string code;
  } kCases[] = {
      {"a // b\nc", "a     \nc"},
      {"a /* b\nc */ d", "a     \n     d"},
      {"f(\"b // c\") d", "f(        ) d"},
      {"f(\"\\\"b\") d", "f(     ) d"},
      {"f('\"') d // e", "f(   ) d     "},
      {"1'000 a 2'000 b", "1'000 a 2'000 b"},
      {"R\"x(a )\" \n// )x\" b", "         \n       b"},
      {"a // b's\nc's", "a       \nc's"},
  };
  for (const auto& [text, code] : kCases) EXPECT_EQ(BlankCommentsAndLiterals(text), code) << text;
}

TEST(SourceFileTest, FoldersHoldWholeNamesOnly) {
  EXPECT_TRUE(IsBelow("sim/core/units.h", "sim/core"));
  EXPECT_TRUE(IsBelow("sim/core", "sim/core"));
  EXPECT_TRUE(IsBelow("simgrid/s4u.hpp", "simgrid/"));
  EXPECT_FALSE(IsBelow("sim/core_dump/units.h", "sim/core"));
}

TEST(SourceFileTest, ReportNamesPlaces) {
  EXPECT_EQ(Report({{"a.h", 0, "x"}, {"b.h", 3, "y"}}), "a.h: x\nb.h:3: y\n");
}

class IncludeTableTest : public testing::Test {
 protected:
  std::string Check(const std::string& path, const std::string& text) {
    return Places(table_.Check({path, text}));
  }

  const IncludeTable table_{R"(
# A comment.
$low = sim/core
$io  = $low layers/block/bio.h
sim/core     :
sim/engine   : sim/core <simgrid/
layers/block : $io layers/disk:messages
layers/disk  : $io
)"};
};

TEST_F(IncludeTableTest, AllowsTheOwnFolderAndWhatIsListed) {
  EXPECT_EQ(Check("layers/block/elevator.h",
                  "#include <vector>\n"
                  "#include \"layers/block/request.h\"\n"
                  "#include \"layers/disk/messages.h\"\n"
                  "#include \"layers/disk/ports.h\"\n"
                  "#include \"sim/core/units.h\"\n"),
            "");
  EXPECT_EQ(Check("layers/disk/hdd/seek.h", "#include \"layers/disk/disk.h\"\n"), "");
  EXPECT_EQ(Check("layers/disk/disk.h", "#include \"layers/block/bio.h\"\n"), "");
  EXPECT_EQ(Check("sim/engine/actor.cc", "#include <simgrid/s4u.hpp>\n"), "");
}

TEST_F(IncludeTableTest, FindsWhatIsNotListed) {
  EXPECT_EQ(Check("layers/disk/disk.h",
                  "// The disk.\n"
                  "#include \"layers/block/request.h\"\n"
                  "#include \"layers/block/messages.h\"\n"
                  "#include \"layers/block/bio.h.inc\"\n"
                  "#include \"sim/core/units.h\"\n"
                  "  #  include \"sim/core_dump/units.h\"\n"
                  "#include \"disk.h\"\n"),
            "layers/disk/disk.h:2 layers/disk/disk.h:3 layers/disk/disk.h:4 layers/disk/disk.h:6 "
            "layers/disk/disk.h:7");
  EXPECT_EQ(Check("layers/block/a.h", "#include \"layers/disk/disk.h\"\n"), "layers/block/a.h:1");
  EXPECT_EQ(Check("sim/core/a.h", "#include \"sim/engine/actor.h\"\n"), "sim/core/a.h:1");
}

TEST_F(IncludeTableTest, ClosesALibraryToAllOtherFolders) {
  EXPECT_EQ(Check("sim/core/a.h", "#include <simgrid/s4u.hpp>\n"), "sim/core/a.h:1");
  EXPECT_EQ(Check("sim/core/a.h", "#include <simgrid2/s4u.hpp>\n"), "");
}

TEST_F(IncludeTableTest, DoesNotReadComments) {
  EXPECT_EQ(Check("sim/core/a.h", "// #include \"x/y.h\"\n/*\n#include \"x/y.h\"\n*/\n"), "");
}

TEST_F(IncludeTableTest, WantsALineForEveryFolder) {
  EXPECT_EQ(Check("layers/blocks/a.h", ""), "layers/blocks/a.h:0");
}

TEST_F(IncludeTableTest, RefusesATableWithMistakes) {
  EXPECT_THROW(IncludeTable("sim/core sim/engine"), std::invalid_argument);
  EXPECT_THROW(IncludeTable("sim/core : $unknown"), std::invalid_argument);
  EXPECT_THROW(IncludeTable("sim/core :\nsim/core :"), std::invalid_argument);
  EXPECT_THROW(IncludeTable("$a sim/core"), std::invalid_argument);
}

TEST(ForbiddenTest, LooksWhereItIsToldTo) {
  const auto patterns = ParseForbidden(
      "pattern: \\bbad\\b\nin: code\nfolders: sim viz\nexcept: sim/results/man\nwhy: x\n"
      "\n"
      "pattern: ugly\nin: text\nfolders: README.md sim\nwhy: y\n");
  const std::string text = "// bad ugly\nbad badly\n\"bad\"";
  const auto places = [&](const std::string& path) {
    return Places(CheckForbidden({path, text}, patterns));
  };
  EXPECT_EQ(places("sim/a.cc"), "sim/a.cc:2 sim/a.cc:1");
  EXPECT_EQ(places("viz/a.h"), "viz/a.h:2");
  EXPECT_EQ(places("layers/a.h"), "");
  EXPECT_EQ(places("sim/results/manifest.cc"), "sim/results/manifest.cc:1");
  EXPECT_EQ(places("README.md"), "README.md:1");
  EXPECT_EQ(places("sim/README.md"), "sim/README.md:1");
}

TEST(ForbiddenTest, RefusesATableWithMistakes) {
  EXPECT_THROW(ParseForbidden("why: x\n"), std::invalid_argument);
  EXPECT_THROW(ParseForbidden("pattern: (\n"), std::invalid_argument);
  EXPECT_THROW(ParseForbidden("pattern: a\nin: comments\n"), std::invalid_argument);
  EXPECT_THROW(ParseForbidden("pattern: a\nwhom: x\n"), std::invalid_argument);
}

TEST(ShapeTest, FindsLongLinesAndFiles) {
  const std::string longest(kMaxColumns, 'x');
  EXPECT_EQ(Places(CheckLength({"a.cc", longest + "\n" + longest + "x\n"})), "a.cc:2");
  EXPECT_EQ(Places(CheckLength({"a.cc", "f(R\"(" + longest + "\n" + longest + ")\");"})), "");
  EXPECT_EQ(Places(CheckLength({"a.cc", "f(R\"(\n)\");\n\"" + longest + "\"\n"})), "a.cc:3");
  std::string umlauts;
  for (std::size_t i = 0; i < kMaxColumns; ++i) umlauts += "\u00fc";
  EXPECT_EQ(Places(CheckLength({"a.cc", umlauts + "\n"})), "");
  const std::string most(kMaxLines, '\n');
  EXPECT_EQ(Places(CheckLength({"a.cc", most})), "");
  EXPECT_EQ(Places(CheckLength({"a.cc", most + "\n"})), "a.cc:0");
}

TEST(ShapeTest, FindsAWrongIncludeGuard) {
  EXPECT_EQ(IncludeGuard("sim/core/id_map.h"), "BIOTOPE_SIM_CORE_ID_MAP_H_");
  const std::string guarded = "#ifndef BIOTOPE_SIM_A_H_\n#define BIOTOPE_SIM_A_H_\n#endif\n";
  EXPECT_EQ(Places(CheckIncludeGuard({"sim/a.h", guarded})), "");
  EXPECT_EQ(Places(CheckIncludeGuard({"sim/b.h", guarded})), "sim/b.h:0");
  EXPECT_EQ(Places(CheckIncludeGuard({"sim/a.h", "#pragma once\n"})), "sim/a.h:0");
}

TEST(BuildFilesTest, FindsWhatNoBuildFileNames) {
  const std::vector<SourceFile> files = {
      {"layers/disk/BUILD", "srcs = [\"disk.cc\", \"hdd/seek.cc\"], hdrs = glob([\"*.h\"])"},
      {"layers/disk/disk.cc", ""},
      {"layers/disk/disk.h", ""},
      {"layers/disk/hdd/curve.cc", ""},
      {"layers/disk/hdd/seek.cc", ""},
      {"layers/disk/notes.md", ""},
      {"layers/disks/disk.cc", ""},
  };
  EXPECT_EQ(Places(CheckBuildFiles(files)),
            "layers/disk/disk.h:0 layers/disk/hdd/curve.cc:0 layers/disks/disk.cc:0");
}

}  // namespace
}  // namespace biotope::lint
