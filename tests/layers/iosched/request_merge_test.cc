#include "layers/iosched/request_merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <vector>

namespace biotope {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Answers as a test tells it, and notes what it is told.
class ScriptedScheduler : public IoScheduler {
 public:
  MergeCandidate FindMerge(const Bio&) override { return candidate; }
  void Merged(Request&, MergeKind kind) override {
    told.push_back(kind == MergeKind::kBack ? "merged back" : "merged front");
  }
  Request* Former(Request&) override { return former; }
  Request* Latter(Request&) override { return latter; }
  void MergedRequests(Request& survivor, Request& gone) override {
    told.push_back("joined " + std::to_string(survivor.sector.value()) + "+" +
                   std::to_string(survivor.nr_sectors) + " and " +
                   std::to_string(gone.sector.value()));
  }
  void Insert(Request&, Tick) override {}
  Request* Dispatch(Tick) override { return nullptr; }
  bool HasWork() const override { return true; }

  MergeCandidate candidate;
  Request* former = nullptr;
  Request* latter = nullptr;
  std::vector<std::string> told;
};

class RequestMergeTest : public testing::Test {
 protected:
  Bio& MakeBio(uint64_t sector, uint32_t nr_sectors = 8, uint32_t nr_segments = 1) {
    Bio& bio = bios_.emplace_back();
    bio.id = bios_.size();
    bio.sector = Sector(sector);
    bio.nr_sectors = nr_sectors;
    bio.nr_segments = nr_segments;
    return bio;
  }
  // With one bio.
  Request& MakeRequest(uint64_t sector, uint32_t nr_sectors = 8, uint32_t nr_segments = 1) {
    Bio& bio = MakeBio(sector, nr_sectors, nr_segments);
    Request& request = requests_.emplace_back();
    request.sector = bio.sector;
    request.nr_sectors = nr_sectors;
    request.nr_segments = nr_segments;
    request.bio = request.biotail = &bio;
    bio.request = &request;
    return request;
  }
  static std::vector<uint64_t> SectorsOf(const Request& request) {
    std::vector<uint64_t> sectors;
    for (const Bio* bio = request.bio; bio != nullptr; bio = bio->next) {
      EXPECT_EQ(bio->request, &request);
      EXPECT_EQ(bio->next == nullptr, bio == request.biotail);
      sectors.push_back(bio->sector.value());
    }
    return sectors;
  }

  std::deque<Bio> bios_;
  std::deque<Request> requests_;
  ScriptedScheduler scheduler_;
  QueueLimits limits_;
};

TEST_F(RequestMergeTest, LimitsOfARequest) {
  const struct {
    const char* what;
    QueueLimits limits;
    uint32_t request_sectors, request_segments, bio_sectors, bio_segments;
    bool allowed;
  } cases[] = {
      {"max_sectors reached", {24, 128, 128}, 16, 2, 8, 1, true},
      {"max_sectors exceeded", {23, 128, 128}, 16, 2, 8, 1, false},
      {"max_phys_segments reached", {255, 3, 128}, 16, 2, 8, 1, true},
      {"max_phys_segments exceeded", {255, 2, 128}, 16, 2, 8, 1, false},
      {"max_hw_segments reached", {255, 128, 3}, 16, 2, 8, 1, true},
      {"max_hw_segments exceeded", {255, 128, 2}, 16, 2, 8, 1, false},
      {"no wrap around", {UINT32_MAX, 128, 128}, UINT32_MAX, 1, 1, 1, false},
  };
  for (const auto& c : cases) {
    Request& request = MakeRequest(100, c.request_sectors, c.request_segments);
    const Bio& bio = MakeBio(request.end().value(), c.bio_sectors, c.bio_segments);
    EXPECT_EQ(TryReserve(request, bio, c.limits), c.allowed) << c.what;
    EXPECT_EQ(request.nomerge, !c.allowed) << c.what;
  }
}

TEST_F(RequestMergeTest, AppendsAndPrepends) {
  Request& request = MakeRequest(100, 8, 1);
  AppendBio(request, MakeBio(108, 16, 2));
  PrependBio(request, MakeBio(96, 4, 1));
  EXPECT_THAT(SectorsOf(request), ElementsAre(96, 100, 108));
  EXPECT_EQ(request.sector, Sector(96));
  EXPECT_EQ(request.nr_sectors, 28u);
  EXPECT_EQ(request.nr_segments, 4u);
}

TEST_F(RequestMergeTest, JoinsTwoRequests) {
  Request& request = MakeRequest(100);
  AppendBio(request, MakeBio(108));
  Request& next = MakeRequest(116, 16, 2);
  request.start_time = 20 * kMillisecond;
  next.start_time = 10 * kMillisecond;
  EXPECT_TRUE(AttemptMerge(scheduler_, request, next, limits_));
  EXPECT_THAT(SectorsOf(request), ElementsAre(100, 108, 116));
  EXPECT_EQ(request.nr_sectors, 32u);
  EXPECT_EQ(request.nr_segments, 4u);
  EXPECT_EQ(request.start_time, 10 * kMillisecond) << "the earlier one";
  EXPECT_EQ(next.bio, nullptr);
  EXPECT_EQ(next.biotail, nullptr);
  EXPECT_THAT(scheduler_.told, ElementsAre("joined 100+32 and 116"));
}

TEST_F(RequestMergeTest, TheSurvivorKeepsAnEarlierStartTime) {
  Request& request = MakeRequest(100);
  Request& next = MakeRequest(108);
  next.start_time = 10 * kMillisecond;
  EXPECT_TRUE(AttemptMerge(scheduler_, request, next, limits_));
  EXPECT_EQ(request.start_time, Tick(0));
}

TEST_F(RequestMergeTest, DoesNotJoin) {
  const struct {
    const char* what;
    uint64_t sector;
    bool write, request_nomerge, next_nomerge, request_started, next_started;
    QueueLimits limits;
  } cases[] = {
      {"a gap", 109, false, false, false, false, false, {}},
      {"an overlap", 107, false, false, false, false, false, {}},
      {"the wrong order", 92, false, false, false, false, false, {}},
      {"another direction", 108, true, false, false, false, false, {}},
      {"nomerge of the first", 108, false, true, false, false, false, {}},
      {"nomerge of the second", 108, false, false, true, false, false, {}},
      {"a started first", 108, false, false, false, true, false, {}},
      {"a started second", 108, false, false, false, false, true, {}},
      {"too many sectors", 108, false, false, false, false, false, {15, 128, 128}},
      {"too many physical segments", 108, false, false, false, false, false, {255, 1, 128}},
      {"too many hardware segments", 108, false, false, false, false, false, {255, 128, 1}},
  };
  for (const auto& c : cases) {
    Request& request = MakeRequest(100);
    Request& next = MakeRequest(c.sector);
    next.write = c.write;
    request.nomerge = c.request_nomerge;
    next.nomerge = c.next_nomerge;
    request.started = c.request_started;
    next.started = c.next_started;
    EXPECT_FALSE(AttemptMerge(scheduler_, request, next, c.limits)) << c.what;
    EXPECT_EQ(request.nomerge, c.request_nomerge) << "only bios make it nomerge: " << c.what;
    EXPECT_EQ(request.nr_sectors, 8u) << c.what;
    EXPECT_THAT(SectorsOf(next), ElementsAre(c.sector)) << c.what;
  }
  EXPECT_THAT(scheduler_.told, IsEmpty());
}

// -- MergeBioIntoQueue

TEST_F(RequestMergeTest, NoCandidate) {
  Bio& bio = MakeBio(108);
  const MergeOutcome outcome = MergeBioIntoQueue(scheduler_, bio, limits_);
  EXPECT_EQ(outcome.kind, MergeKind::kNone);
  EXPECT_EQ(outcome.request, nullptr);
  EXPECT_THAT(scheduler_.told, IsEmpty());
}

TEST_F(RequestMergeTest, BackMerge) {
  Request& request = MakeRequest(100);
  Request& far = MakeRequest(200);
  scheduler_.candidate = {MergeKind::kBack, &request};
  scheduler_.latter = &far;
  scheduler_.former = &far;
  const MergeOutcome outcome = MergeBioIntoQueue(scheduler_, MakeBio(108), limits_);
  EXPECT_EQ(outcome.kind, MergeKind::kBack);
  EXPECT_EQ(outcome.request, &request);
  EXPECT_EQ(outcome.swallowed, nullptr);
  EXPECT_THAT(SectorsOf(request), ElementsAre(100, 108));
  EXPECT_THAT(scheduler_.told, ElementsAre("merged back"));
}

TEST_F(RequestMergeTest, FrontMerge) {
  Request& request = MakeRequest(100);
  scheduler_.candidate = {MergeKind::kFront, &request};
  const MergeOutcome outcome = MergeBioIntoQueue(scheduler_, MakeBio(92), limits_);
  EXPECT_EQ(outcome.kind, MergeKind::kFront);
  EXPECT_EQ(outcome.request, &request);
  EXPECT_EQ(outcome.swallowed, nullptr);
  EXPECT_THAT(SectorsOf(request), ElementsAre(92, 100));
  EXPECT_EQ(request.sector, Sector(92));
  EXPECT_THAT(scheduler_.told, ElementsAre("merged front"));
}

TEST_F(RequestMergeTest, ABackMergeThatClosesTheGap) {
  Request& request = MakeRequest(100);
  Request& next = MakeRequest(116);
  scheduler_.candidate = {MergeKind::kBack, &request};
  scheduler_.latter = &next;
  const MergeOutcome outcome = MergeBioIntoQueue(scheduler_, MakeBio(108), limits_);
  EXPECT_EQ(outcome.kind, MergeKind::kBack);
  EXPECT_EQ(outcome.request, &request);
  EXPECT_EQ(outcome.swallowed, &next);
  EXPECT_THAT(SectorsOf(request), ElementsAre(100, 108, 116));
  EXPECT_THAT(scheduler_.told, ElementsAre("joined 100+24 and 116")) << "and not merged()";
}

TEST_F(RequestMergeTest, AFrontMergeThatClosesTheGap) {
  Request& former = MakeRequest(84);
  Request& request = MakeRequest(100);
  scheduler_.candidate = {MergeKind::kFront, &request};
  scheduler_.former = &former;
  const MergeOutcome outcome = MergeBioIntoQueue(scheduler_, MakeBio(92), limits_);
  EXPECT_EQ(outcome.kind, MergeKind::kFront);
  EXPECT_EQ(outcome.request, &former);
  EXPECT_EQ(outcome.swallowed, &request);
  EXPECT_THAT(SectorsOf(former), ElementsAre(84, 92, 100));
  EXPECT_THAT(scheduler_.told, ElementsAre("joined 84+24 and 92"));
}

TEST_F(RequestMergeTest, ARefusedBioJoinsNothing) {
  limits_.max_sectors = 15;
  Request& request = MakeRequest(100);
  scheduler_.candidate = {MergeKind::kBack, &request};
  const MergeOutcome outcome = MergeBioIntoQueue(scheduler_, MakeBio(108), limits_);
  EXPECT_EQ(outcome.kind, MergeKind::kNone);
  EXPECT_TRUE(request.nomerge);
  EXPECT_THAT(SectorsOf(request), ElementsAre(100));
  EXPECT_THAT(scheduler_.told, IsEmpty());
}

TEST_F(RequestMergeTest, TheBioJoinsEvenIfTheTwoTogetherAreTooLarge) {
  limits_.max_sectors = 20;
  Request& request = MakeRequest(100);
  Request& next = MakeRequest(116);
  scheduler_.candidate = {MergeKind::kBack, &request};
  scheduler_.latter = &next;
  const MergeOutcome outcome = MergeBioIntoQueue(scheduler_, MakeBio(108), limits_);
  EXPECT_EQ(outcome.request, &request);
  EXPECT_EQ(outcome.swallowed, nullptr);
  EXPECT_THAT(scheduler_.told, ElementsAre("merged back"));
}

}  // namespace
}  // namespace biotope
