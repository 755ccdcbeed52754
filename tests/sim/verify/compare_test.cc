#include "sim/verify/compare.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace biotope {
namespace {

using Events = std::vector<BlockEvent>;
using Results = std::vector<std::optional<OperationResult>>;

BlockEvent Event(const std::string& kind, uint64_t sector, uint64_t sectors,
                 std::optional<uint32_t> operation = 0, const std::string& rw = "R") {
  return {kind, rw, sector, sectors, operation, true};
}

BlockEvent Plug(const std::string& kind, std::optional<uint64_t> requests = std::nullopt) {
  return {kind, "", std::nullopt, requests, 0, true};
}

// A case of one operation that reads.
RecordedCase OneRead(Events events, const std::string& kernel = "2.6.11") {
  RecordedCase recorded;
  recorded.kernel = kernel;
  recorded.operations = ParseOperations("ops.txt", "read 0 4096\n");
  recorded.results = {{4096, 0}};
  recorded.events = std::move(events);
  return recorded;
}

const PartComparison& Part(const CaseComparison& comparison, const std::string& name) {
  for (const PartComparison& part : comparison.parts) {
    if (part.name == name) return part;
  }
  return comparison.parts.at(0);
}

CaseComparison Compare(const RecordedCase& recorded, const Events& events) {
  return CompareCase(recorded, Results{OperationResult{4096, 0}}, events);
}

TEST(CompareTest, EqualSequencesPass) {
  const Events events = {Event("Q", 8, 8), Plug("P"), Event("I", 8, 8), Plug("U"),
                         Event("D", 8, 8)};
  const CaseComparison comparison = Compare(OneRead(events), events);
  EXPECT_TRUE(comparison.passed());
  EXPECT_EQ(Part(comparison, "submit").recorded, 4u);
  EXPECT_EQ(Part(comparison, "submit").matched, 4u);
}

TEST(CompareTest, EveryFieldOfAQueuedBioCounts) {
  const RecordedCase recorded = OneRead({Event("Q", 8, 8)}, "6.18.1");
  EXPECT_TRUE(Compare(recorded, {Event("Q", 8, 8)}).passed());
  EXPECT_FALSE(Compare(recorded, {Event("Q", 16, 8)}).passed());
  EXPECT_FALSE(Compare(recorded, {Event("Q", 8, 16)}).passed());
  EXPECT_FALSE(Compare(recorded, {Event("Q", 8, 8, 0, "RA")}).passed());
  EXPECT_FALSE(Compare(recorded, {Event("Q", 8, 8), Event("Q", 8, 8)}).passed());
  EXPECT_FALSE(Compare(recorded, {}).passed());
}

TEST(CompareTest, TheOperationCountsToo) {
  RecordedCase recorded = OneRead({Event("Q", 8, 8, 1)});
  recorded.operations = ParseOperations("ops.txt", "read 0 4096\nread 0 4096\n");
  recorded.results = {{4096, 0}, {4096, 0}};
  const Results results(2, OperationResult{4096, 0});
  EXPECT_TRUE(CompareCase(recorded, results, {Event("Q", 8, 8, 1)}).passed());
  EXPECT_FALSE(CompareCase(recorded, results, {Event("Q", 8, 8, 0)}).passed());
}

// Before the first operation is mounting, which not every recorder has seen.
TEST(CompareTest, MountingIsComparedIfItWasRecorded) {
  const BlockEvent mount = Event("Q", 2, 2, std::nullopt);
  EXPECT_TRUE(Compare(OneRead({Event("Q", 8, 8)}), {mount, Event("Q", 8, 8)}).passed());
  const RecordedCase with_mount = OneRead({mount, Event("Q", 8, 8)});
  EXPECT_TRUE(Compare(with_mount, {mount, Event("Q", 8, 8)}).passed());
  EXPECT_FALSE(Compare(with_mount, {Event("Q", 8, 8)}).passed());
}

// The recorder of 2.6 sees no flags, no G, and not how many requests an unplug finds.
TEST(CompareTest, WhatARecorderCannotSee) {
  const Events simulated = {Event("Q", 8, 8, 0, "RM"), Event("G", 8, 8), Plug("U", 1)};
  EXPECT_TRUE(Compare(OneRead({Event("Q", 8, 8), Plug("U")}), simulated).passed());
  EXPECT_FALSE(Compare(OneRead({Event("Q", 8, 8), Plug("U")}, "6.18"), simulated).passed());
}

TEST(CompareTest, WhatWasNotStableDoesNotCount) {
  RecordedCase recorded = OneRead({Event("Q", 8, 8)});
  recorded.stable.queue = recorded.stable.submit = false;
  const CaseComparison comparison = Compare(recorded, {Event("Q", 9, 8)});
  EXPECT_TRUE(comparison.passed());
  EXPECT_FALSE(Part(comparison, "Q").equal);
}

TEST(CompareTest, UnstableIssuesAreASetOfSectors) {
  RecordedCase recorded = OneRead({Event("D", 8, 8), Event("D", 16, 16), Event("D", 100, 4)});
  const Events merged = {Event("D", 100, 4), Event("D", 8, 24)};
  EXPECT_FALSE(Compare(recorded, merged).passed());
  recorded.stable.issue = false;
  EXPECT_TRUE(Compare(recorded, merged).passed());
  EXPECT_TRUE(Part(Compare(recorded, merged), "D").as_set);
  EXPECT_FALSE(Compare(recorded, {Event("D", 100, 4), Event("D", 8, 16)}).passed());
  // A sector that is read twice is read once too often.
  const CaseComparison twice = Compare(recorded, {merged[0], merged[1], Event("D", 12, 2)});
  EXPECT_FALSE(twice.passed());
  EXPECT_NE(Part(twice, "D").difference.find("R 12+2: 1 times more"), std::string::npos);
}

TEST(CompareTest, ResultsAndErrors) {
  const RecordedCase recorded = OneRead({});
  EXPECT_TRUE(CompareCase(recorded, {OperationResult{4096, 0}}, {}).passed());
  EXPECT_FALSE(CompareCase(recorded, {OperationResult{100, 0}}, {}).passed());
  const CaseComparison failed = CompareCase(recorded, {OperationResult{-1, 5}}, {});
  EXPECT_NE(failed.parts[0].difference.find("P0 read 0 4096: -1 EIO"), std::string::npos);
  EXPECT_FALSE(CompareCase(recorded, {std::nullopt}, {}).passed());
}

// A process of the recorder has descriptors before it opens its first file.
TEST(CompareTest, DescriptorsCountFromTheFirst) {
  RecordedCase recorded = OneRead({});
  recorded.operations = ParseOperations("ops.txt", "open 0 /a rd\nopen 1 /b rd\n");
  recorded.results = {{7, 0}, {8, 0}};
  EXPECT_TRUE(CompareCase(recorded, {OperationResult{0, 0}, OperationResult{1, 0}}, {}).passed());
  EXPECT_FALSE(CompareCase(recorded, {OperationResult{0, 0}, OperationResult{2, 0}}, {}).passed());
  EXPECT_FALSE(CompareCase(recorded, {OperationResult{0, 0}, OperationResult{-1, 2}}, {}).passed());
}

TEST(CompareTest, TheDifferenceIsShownWithItsContext) {
  Events recorded;
  Events simulated;
  for (uint64_t i = 0; i < 20; ++i) {
    recorded.push_back(Event("Q", 8 * i, 8));
    simulated.push_back(Event("Q", i == 10 ? 1000 : 8 * i, 8));
  }
  const CaseComparison comparison = Compare(OneRead(recorded), simulated);
  const PartComparison& part = Part(comparison, "Q");
  EXPECT_EQ(part.matched, 19u);
  EXPECT_NE(part.difference.find("the first difference is entry 10"), std::string::npos);
  EXPECT_NE(part.difference.find(">    10  Q R 80+8, operation 0"), std::string::npos);
  EXPECT_NE(part.difference.find(">    10  Q R 1000+8, operation 0"), std::string::npos);
  EXPECT_NE(part.difference.find("    6  Q R 48+8"), std::string::npos);
  EXPECT_EQ(part.difference.find("    5  Q R 40+8"), std::string::npos);
}

}  // namespace
}  // namespace biotope
