// Axes to points: by table, and by properties of all sweeps.

#include "sim/sweep/expansion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/sim/sweep/toy_sweep.h"

namespace biotope {
namespace {

using testing::HasSubstr;

// "bs=4096 iodepth=1|bs=4096 iodepth=2": all points by the cells of their columns.
std::string Points(const std::string& axes) {
  const Expansion expansion = Expanded(axes);
  std::string text;
  for (const Point& point : expansion.points) {
    if (!text.empty()) text += "|";
    const std::vector<std::string> cells = expansion.CellsOf(point);
    for (size_t i = 0; i < cells.size(); ++i) {
      if (cells[i].empty()) continue;
      text += (text.empty() || text.ends_with('|') ? "" : " ") + expansion.columns[i].name + "=" +
              cells[i];
    }
    if (point.seed) text += " seed=" + std::to_string(*point.seed);
  }
  return text;
}

struct Case {
  const char* name;
  std::string axes;
  std::string points;
};

const Case kCases[] = {
    {"List", R"(axis { list { field: "process[0].fio.bs" value: ["4k", "1m"] } })",
     "bs=4096|bs=1048576"},
    {"LastAxisIsFastest",
     R"(axis { list { field: "process[0].fio.bs" value: ["4k", "8k"] } }
        axis { list { field: "process[0].fio.iodepth" value: ["1", "2"] } })",
     "bs=4096 iodepth=1|bs=4096 iodepth=2|bs=8192 iodepth=1|bs=8192 iodepth=2"},
    {"Linear", R"(axis { range { field: "process[0].fio.iodepth" from: "1" to: "9" count: 5 } })",
     "iodepth=1|iodepth=3|iodepth=5|iodepth=7|iodepth=9"},
    {"LogarithmicSizes",
     R"(axis { range { field: "process[0].fio.bs" from: "4k" to: "64k" count: 5
                       scale: LOGARITHMIC } })",
     "bs=4096|bs=8192|bs=16384|bs=32768|bs=65536"},
    {"TimesInTheUnitOfBareNumbers",
     R"(axis { list { field: "process[0].fio.runtime" value: ["500ms", "2", "1m"] } })",
     "runtime=0.5|runtime=2|runtime=60"},
    {"LinearTimes",
     R"(axis { range { field: "process[0].fio.thinktime" from: "0" to: "1ms" count: 3 } })",
     "thinktime=0|thinktime=500|thinktime=1000"},
    {"Multiples",
     R"(axis { range { field: "process[0].fio.bs" from: "4k" to: "21k" count: 3
                       multiple_of: "4k" } })",
     "bs=4096|bs=12288|bs=21504"},
    {"Zip",
     R"(axis { zip { axis { list { field: "process[0].fio.bs" value: ["4k", "8k"] } }
                     axis { list { field: "process[0].fio.iodepth" value: ["8", "4"] } } } })",
     "bs=4096 iodepth=8|bs=8192 iodepth=4"},
    {"Choice",
     R"(axis { choice { field: "block_device.queue.scheduler"
         option { value: "noop" }
         option { value: "deadline" axis { list {
           field: "block_device.queue.scheduler.deadline.fifo_batch" value: ["1", "16"] } } } } }
        axis { list { field: "process[0].fio.iodepth" value: ["1"] } })",
     "scheduler=noop iodepth=1|scheduler=deadline fifo_batch=1 iodepth=1|"
     "scheduler=deadline fifo_batch=16 iodepth=1"},
    {"NamesAndSeeds",
     R"(axis { list { field: "process[0].fio.bs" name: "block" value: "4k" } }
        seeds { count: 3 first: 10 })",
     "block=4096 seed=10|block=4096 seed=11|block=4096 seed=12"},
};

class ExpansionTest : public testing::TestWithParam<Case> {};

INSTANTIATE_TEST_SUITE_P(Axes, ExpansionTest, testing::ValuesIn(kCases),
                         [](const auto& instance) { return std::string(instance.param.name); });

TEST_P(ExpansionTest, GivesThesePoints) { EXPECT_EQ(Points(GetParam().axes), GetParam().points); }

TEST(ExpansionTest, SetsAreInTheNotationOfScenarios) {
  const std::string axes =
      R"(set: "process[0].fio.direct=1"
         axis { range { field: "process[0].fio.bs" from: "512" to: "1m" count: 3 } }
         axis { range { field: "process[0].fio.thinktime" from: "10us" to: "20" count: 2 } }
         seeds { count: 1 })";
  const SweepFile file = SweepFile::FromText("toy.textproto", SweepText(axes));
  const Expansion expansion = ExpandSweep(file, {});
  EXPECT_THAT(expansion.SetsOf(file.sweep(), expansion.points[2]),
              testing::ElementsAre("process[0].fio.direct=1", "process[0].fio.bs=524544",
                                   "process[0].fio.thinktime=10us", "seed=1"));
  EXPECT_THAT(expansion.SetsOf(file.sweep(), expansion.points[5]),
              testing::ElementsAre("process[0].fio.direct=1", "process[0].fio.bs=1m",
                                   "process[0].fio.thinktime=20us", "seed=1"));
}

struct Mistake {
  const char* name;
  std::string axes;
  std::vector<std::string> says;
};

const Mistake kMistakes[] = {
    {"NoAxis", "", {"axis is required"}},
    {"NoKind", "axis {}", {"toy.textproto:3:1: error: axis[0] needs one of: list, range"}},
    {"MisspeltKind", "axis { lst {} }", {"3:8: error", "did you mean \"list\""}},
    {"UnknownField",
     R"(axis { range { field: "process[0].fio.iodpth" from: "1" to: "2" count: 2 } })",
     {"toy.textproto:3:16: error: process.fio has no field \"iodpth\"; did you mean \"iodepth\"?"}},
    {"NotANumber",
     R"(axis { range { field: "process[0].fio.rw" from: "1" to: "2" count: 2 } })",
     {"rw holds no number, size or time; give its values as a list"}},
    {"WrongNotation",
     R"(axis { range { field: "process[0].fio.bs" from: "4q" to: "8k" count: 2 } })",
     {"process[0].fio.bs: \"4q\" is not"}},
    {"WrongOrder",
     R"(axis { range { field: "process[0].fio.bs" from: "8k" to: "4k" count: 2 } })",
     {"from must be less than to, got 8k and 4k"}},
    {"LogarithmOfZero",
     R"(axis { range { field: "process[0].fio.iodepth" from: "0" to: "4" count: 2
        scale: LOGARITHMIC } })",
     {"a logarithmic scale begins above 0"}},
    {"TooManyValues",
     R"(axis { range { field: "process[0].fio.iodepth" from: "1" to: "3" count: 9 } })",
     {"9 values do not fit"}},
    {"TwiceTheSame",
     R"(axis { list { field: "process[0].fio.iodepth" value: ["1", "2", "1"] } })",
     {"the value \"1\" is given twice"}},
    {"UnequalZip",
     R"(axis { zip { axis { list { field: "process[0].fio.bs" value: ["4k", "8k"] } }
                     axis { list { field: "process[0].fio.iodepth" value: ["8"] } } } })",
     {"the first has 2 values, this one has 1"}},
    {"SameColumn",
     R"(axis { list { field: "process[0].fio.bs" value: "4k" } }
        axis { list { field: "process[1].fio.bs" value: "4k" } })",
     {"process[0].fio.bs and process[1].fio.bs would both fill the column \"bs\"", "name:"}},
    {"ReservedColumn",
     R"(axis { list { field: "process[0].fio.bs" name: "iops" value: "4k" } })",
     {"the results have a column \"iops\" of their own"}},
    {"TooManyPoints",
     R"(axis { range { field: "process[0].fio.iodepth" from: "1" to: "60000" count: 400 } }
        axis { range { field: "process[0].fio.numjobs" from: "1" to: "60000" count: 400 } })",
     {"the sweep has more than 100000 points"}},
    {"TooManySeeds",
     R"(axis { list { field: "process[0].fio.iodepth" value: ["1", "2"] } } seeds { count: 60000 })",
     {"the sweep has more than 100000 points"}},
};

class MistakeTest : public testing::TestWithParam<Mistake> {};

INSTANTIATE_TEST_SUITE_P(Axes, MistakeTest, testing::ValuesIn(kMistakes),
                         [](const auto& instance) { return std::string(instance.param.name); });

TEST_P(MistakeTest, IsTold) {
  const std::string diagnostics = SweepDiagnostics(GetParam().axes);
  for (const std::string& part : GetParam().says) EXPECT_THAT(diagnostics, HasSubstr(part));
}

std::string Samples(uint32_t count, const std::string& method, uint32_t to, uint64_t seed) {
  return "sample_seed: " + std::to_string(seed) +
         " axis { samples { count: " + std::to_string(count) + " method: " + method +
         R"( dimension { field: "process[0].fio.iodepth" interval { from: "1" to: ")" +
         std::to_string(to) + R"(" } } dimension { field: "process[0].fio.bs" one_of { value: "4k"
          value: "8k" } } } })";
}

std::vector<uint64_t> Depths(const Expansion& expansion) {
  std::vector<uint64_t> depths;
  for (const Point& point : expansion.points) {
    depths.push_back(std::stoull(expansion.CellsOf(point)[0]));
  }
  return depths;
}

RC_GTEST_PROP(SamplesTest, LatinHypercubeUsesEveryPartOnce, (uint64_t seed)) {
  const uint32_t count = *rc::gen::inRange(1u, 200u);
  const uint32_t width = *rc::gen::inRange(2u, 50u);
  const Expansion expansion = Expanded(Samples(count, "LATIN_HYPERCUBE", count * width, seed));
  std::set<uint64_t> parts;
  for (const uint64_t depth : Depths(expansion)) parts.insert((depth - 1) / width);
  RC_ASSERT(parts.size() == count);
}

RC_GTEST_PROP(SamplesTest, MoreRandomSamplesKeepTheFirst, (uint64_t seed)) {
  const uint32_t count = *rc::gen::inRange(1u, 100u);
  const Expansion few = Expanded(Samples(count, "RANDOM", 1000, seed));
  const Expansion many = Expanded(Samples(count + 7, "RANDOM", 1000, seed));
  for (uint32_t i = 0; i < count; ++i) {
    RC_ASSERT(few.CellsOf(few.points[i]) == many.CellsOf(many.points[i]));
  }
}

RC_GTEST_PROP(SamplesTest, StayInTheInterval, (uint64_t seed)) {
  const uint32_t to = *rc::gen::inRange(2u, 65000u);
  for (const uint64_t depth : Depths(Expanded(Samples(50, "RANDOM", to, seed)))) {
    RC_ASSERT(depth >= 1 && depth <= to);
  }
}

TEST(SamplesTest, EveryWholeNumberHasItsShare) {
  std::map<uint64_t, int> counts;
  for (const uint64_t depth : Depths(Expanded(Samples(4000, "RANDOM", 4, 1)))) ++counts[depth];
  ASSERT_EQ(counts.size(), 4u);
  for (const auto& [depth, count] : counts) EXPECT_NEAR(count, 1000, 150) << depth;
}

// Lists of any lengths and any number of seeds: as many points as the product, all different, each
// value of an axis equally often, in the order of odometers.
RC_GTEST_PROP(ExpansionTest, IsTheProductOfItsAxes, ()) {
  const char* const fields[] = {"iodepth", "numjobs", "number_ios", "direct"};
  const auto lengths =
      *rc::gen::container<std::vector<uint32_t>>(*rc::gen::inRange(1, 5), rc::gen::inRange(1u, 6u));
  const uint32_t seeds = *rc::gen::inRange(1u, 4u);
  std::string axes = "seeds { count: " + std::to_string(seeds) + " }\n";
  uint32_t product = seeds;
  for (size_t axis = 0; axis < lengths.size(); ++axis) {
    axes += std::string("axis { list { field: \"process[0].fio.") + fields[axis] + "\"";
    for (uint32_t i = 0; i < lengths[axis]; ++i) axes += " value: \"" + std::to_string(i) + "\"";
    axes += " } }\n";
    product *= lengths[axis];
  }
  const Expansion expansion = Expanded(axes);
  RC_ASSERT(expansion.points.size() == product);
  for (uint32_t i = 0; i < product; ++i) {
    uint32_t rest = i;
    RC_ASSERT(expansion.points[i].seed == 1 + rest % seeds);
    rest /= seeds;
    const std::vector<std::string> cells = expansion.CellsOf(expansion.points[i]);
    for (size_t axis = lengths.size(); axis-- > 0; rest /= lengths[axis]) {
      RC_ASSERT(cells[axis] == std::to_string(rest % lengths[axis]));
    }
  }
}

}  // namespace
}  // namespace biotope
