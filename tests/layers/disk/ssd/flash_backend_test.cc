#include "layers/disk/ssd/flash_backend.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "tests/layers/disk/ssd/small_ssd.h"

namespace biotope {
namespace {

// Times in us: command 1 (2 for two planes), read 50, program 500, erase 2000, a page of 4096 bytes
// 4.096. Planes: channel * 8 + chip * 4 + die * 2 + plane.
class FlashBackendTest : public ::testing::Test, protected FlashClient {
 protected:
  struct Wish {
    FlashOpKind kind = FlashOpKind::kRead;
    FlashOpSource source = FlashOpSource::kHost;
    uint32_t plane = 0;
    FlashPosition position = 0;
    uint32_t bytes = 4096;
  };

  void Ask(FlashBackend& backend, const Wish& wish) {
    const OpId id = ops_.Allocate();
    ops_[id].kind = wish.kind;
    ops_[id].source = wish.source;
    ops_[id].plane = wish.plane;
    ops_[id].position = wish.position;
    ops_[id].bytes = wish.bytes;
    ops_[id].owner = nr_asked_++;
    backend.Enqueue(id);
  }

  // The dates in ns at which the operations finish, in the order in which they were asked for, all
  // at date 0.
  std::vector<uint64_t> Dates(const std::vector<Wish>& wishes) {
    FlashBackend backend(ssd_, events_, ops_, *this);
    for (const Wish& wish : wishes) Ask(backend, wish);
    dates_.resize(wishes.size());
    backend.Schedule(Tick(0));
    Run(backend);
    statistics_ = backend.statistics();
    return dates_;
  }

  void Run(FlashBackend& backend) {
    while (!events_.empty()) {
      const Tick now = events_.next();
      const auto event = static_cast<SsdEvent>(events_.next_kind());
      const uint32_t index = events_.next_index();
      events_.Pop();
      if (event == SsdEvent::kCommandSent) backend.OnCommandSent(index, now);
      if (event == SsdEvent::kArrayDone) backend.OnArrayDone(index, now);
      if (event == SsdEvent::kDataOut) backend.OnDataOut(index, now);
    }
  }

  void OnFlashDone(OpId id, Tick now) override {
    dates_[ops_[id].owner] = now / kNanosecond;
    ops_.Free(id);
  }

  static constexpr FlashOpKind kProgram = FlashOpKind::kProgram;
  static constexpr FlashOpKind kErase = FlashOpKind::kErase;
  static constexpr FlashOpSource kMapping = FlashOpSource::kMapping;
  static constexpr FlashOpSource kCollection = FlashOpSource::kCollection;

  SsdParameters ssd_ = SmallSsd();
  EventHeap events_;
  FlashOpPool ops_;
  uint32_t nr_asked_ = 0;
  std::vector<uint64_t> dates_;
  FlashBackend::Statistics statistics_;
};

TEST_F(FlashBackendTest, OneOperation) {
  EXPECT_EQ(Dates({{}}), (std::vector<uint64_t>{1'000 + 50'000 + 4'096}));
}

TEST_F(FlashBackendTest, AProgramSendsItsDataFirst) {
  EXPECT_EQ(Dates({{.kind = kProgram}}), (std::vector<uint64_t>{1'000 + 4'096 + 500'000}));
}

TEST_F(FlashBackendTest, AnEraseHasNoData) {
  EXPECT_EQ(Dates({{.kind = kErase, .bytes = 0}}), (std::vector<uint64_t>{1'000 + 2'000'000}));
}

TEST_F(FlashBackendTest, ChannelsDoNotMindEachOther) {
  EXPECT_EQ(Dates({{.plane = 0}, {.plane = 8}}), (std::vector<uint64_t>{55'096, 55'096}));
}

// Two chips of a channel: the second command waits for the first one, its data for the first data.
TEST_F(FlashBackendTest, ChipsShareTheChannel) {
  EXPECT_EQ(Dates({{.plane = 0}, {.plane = 4}}), (std::vector<uint64_t>{55'096, 59'192}));
}

TEST_F(FlashBackendTest, AChipTakesOneCommandAtATime) {
  // Dies 0 and 1 of chip 0.
  EXPECT_EQ(Dates({{.plane = 0}, {.plane = 2}}), (std::vector<uint64_t>{55'096, 110'192}));
}

TEST_F(FlashBackendTest, InterleavedDiesWorkAtTheSameTime) {
  ssd_.scheduling.die_interleaving = true;
  EXPECT_EQ(Dates({{.plane = 0}, {.plane = 2}}), (std::vector<uint64_t>{55'096, 59'192}));
}

TEST_F(FlashBackendTest, PlanesWorkTogetherIfTheyTakeTheSamePageNumber) {
  ssd_.scheduling.multi_plane = true;
  // Page 5 of different blocks. The data go out one after the other.
  EXPECT_EQ(Dates({{.plane = 0, .position = 5}, {.plane = 1, .position = 3 * 16 + 5}}),
            (std::vector<uint64_t>{56'096, 60'192}));
  EXPECT_EQ(statistics_.read_commands, 1u);
  EXPECT_EQ(statistics_.multi_plane_commands, 1u);
}

TEST_F(FlashBackendTest, PlanesOfDifferentPageNumbersDoNot) {
  ssd_.scheduling.multi_plane = true;
  EXPECT_EQ(Dates({{.plane = 0, .position = 5}, {.plane = 1, .position = 6}}),
            (std::vector<uint64_t>{55'096, 110'192}));
  EXPECT_EQ(statistics_.multi_plane_commands, 0u);
}

TEST_F(FlashBackendTest, IndependentPlanesTakeAnyPage) {
  ssd_.scheduling.multi_plane = true;
  ssd_.scheduling.independent_reads = true;
  EXPECT_EQ(Dates({{.plane = 0, .position = 5}, {.plane = 1, .position = 6}}),
            (std::vector<uint64_t>{56'096, 60'192}));
  nr_asked_ = 0;
  EXPECT_EQ(Dates({{.kind = kProgram, .plane = 0, .position = 5},
                   {.kind = kProgram, .plane = 1, .position = 6}}),
            (std::vector<uint64_t>{505'096, 1'010'192}));
  nr_asked_ = 0;
  ssd_.scheduling.independent_programs = true;
  EXPECT_EQ(Dates({{.kind = kProgram, .plane = 0, .position = 5},
                   {.kind = kProgram, .plane = 1, .position = 6}}),
            (std::vector<uint64_t>{510'192, 510'192}));
}

TEST_F(FlashBackendTest, DiesOfAChipAreNeverOneCommand) {
  ssd_.scheduling.multi_plane = true;
  EXPECT_EQ(Dates({{.plane = 0}, {.plane = 3}}), (std::vector<uint64_t>{55'096, 110'192}));
}

TEST_F(FlashBackendTest, TwoOfTheSamePlaneAreNeverOneCommand) {
  ssd_.scheduling.multi_plane = true;
  EXPECT_EQ(Dates({{.plane = 0, .position = 5}, {.plane = 0, .position = 5}}),
            (std::vector<uint64_t>{55'096, 110'192}));
}

TEST_F(FlashBackendTest, ThePageDecidesHowLongItTakes) {
  ssd_.flash.read = {30 * kMicrosecond, 60 * kMicrosecond};
  EXPECT_EQ(Dates({{.plane = 0, .position = 4}, {.plane = 8, .position = 5}}),
            (std::vector<uint64_t>{35'096, 65'096}));
}

// All for the same chip: translation pages, then reads, then programs; erases last.
TEST_F(FlashBackendTest, ReadsGoFirstAndErasesLast) {
  const std::vector<uint64_t> dates = Dates({{.kind = kErase, .source = kCollection, .bytes = 0},
                                             {.kind = kProgram},
                                             {.source = kCollection},
                                             {},
                                             {.source = kMapping}});
  EXPECT_LT(dates[4], dates[3]);
  EXPECT_LT(dates[3], dates[1]);
  EXPECT_LT(dates[1], dates[2]);
  EXPECT_LT(dates[2], dates[0]);
}

TEST_F(FlashBackendTest, UrgentCollectionGoesBeforeTheHost) {
  FlashBackend backend(ssd_, events_, ops_, *this);
  backend.SetUrgent(0, true);
  dates_.resize(4);
  Ask(backend, {});
  Ask(backend, {.source = kCollection});
  Ask(backend, {.kind = kErase, .source = kCollection, .bytes = 0});
  Ask(backend, {.kind = kProgram, .source = kCollection});
  backend.Schedule(Tick(0));
  Run(backend);
  EXPECT_LT(dates_[1], dates_[3]);
  EXPECT_LT(dates_[3], dates_[2]);
  EXPECT_LT(dates_[2], dates_[0]);
}

// Even if none of its operations waits.
TEST_F(FlashBackendTest, AChipThatIsCollectedUrgentlyServesNothingOfTheHost) {
  FlashBackend backend(ssd_, events_, ops_, *this);
  backend.SetUrgent(0, true);
  backend.BeginCollection(0);
  dates_.resize(3);
  Ask(backend, {});
  Ask(backend, {.source = kMapping});
  Ask(backend, {.plane = 8});
  backend.Schedule(Tick(0));
  Run(backend);
  EXPECT_EQ(dates_, (std::vector<uint64_t>{0, 55'096, 55'096}));
  backend.EndCollection(0);
  Ask(backend, {.plane = 0, .position = 1});
  dates_.resize(4);
  backend.Schedule(kMillisecond);
  Run(backend);
  EXPECT_EQ(dates_[0], 1'055'096u);
}

// While the first chip's data are on the channel, those of three others become ready: translation
// pages go out first, those of collection last.
TEST_F(FlashBackendTest, DataThatWaitForTheChannelGoByTheirSource) {
  ssd_.geometry.chips_per_channel = 4;
  const std::vector<uint64_t> dates = Dates({{.plane = 0, .bytes = 40'000},
                                             {.source = kCollection, .plane = 4},
                                             {.plane = 8},
                                             {.source = kMapping, .plane = 12}});
  EXPECT_EQ(dates[0], 91'000u);
  EXPECT_EQ(dates[3], 91'000u + 4'096);
  EXPECT_EQ(dates[2], 91'000u + 2 * 4'096);
  EXPECT_EQ(dates[1], 91'000u + 3 * 4'096);
}

// The first chip is idle again when the channel is free for the third time, and has more to do. It
// is the third chip's turn.
TEST_F(FlashBackendTest, ChipsTakeTurns) {
  ssd_.geometry.chips_per_channel = 3;
  ssd_.flash.program = {10 * kMicrosecond};
  const std::vector<uint64_t> dates = Dates({{.kind = kProgram, .plane = 0, .bytes = 40'000},
                                             {.kind = kProgram, .plane = 0, .bytes = 40'000},
                                             {.kind = kProgram, .plane = 4, .bytes = 40'000},
                                             {.kind = kProgram, .plane = 8, .bytes = 40'000}});
  EXPECT_EQ(dates, (std::vector<uint64_t>{51'000, 174'000, 92'000, 133'000}));
}

}  // namespace
}  // namespace biotope
