// The generic block layer between a scripted submitter and the real elevator, driver and disk: when
// a plugged queue starts, what is merged, who waits for a request.

#include "layers/block/block_layer.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include "layers/disk/disk.h"
#include "layers/disk/fixed_latency.h"
#include "layers/driver/ide.h"
#include "layers/driver/scsi.h"
#include "layers/iosched/deadline.h"
#include "layers/iosched/elevator.h"
#include "layers/iosched/noop.h"
#include "tests/testing/scripted.h"

namespace biotope {
namespace {

using testing::RecordKeeper;

constexpr Tick kService = kMillisecond;

// A bio of the test, which remembers when it ended.
struct TestBio : Bio {
  Tick ended = kNever;
};

class BlockLayerTest : public ::testing::Test {
 protected:
  struct Options {
    bool ide = false;
    uint32_t queue_depth = 16;
    uint32_t nr_requests = 128;
  };

  void Build(const Options& options) {
    stream_.AddSink(&records_);
    const CostTable costs = testing::FlatCosts(
        {"generic_make_request", "__make_request", "get_request", "init_request_from_bio",
         "generic_unplug_device", "end_that_request_first", "end_that_request_last",
         "blk_unplug_timeout", "elv_merge", "elv_add_request", "elv_next_request", "irq_entry",
         "irq_exit", "request_fn", "scsi_dispatch_cmd", "scsi_done", "scsi_softirq",
         "ide_do_rw_disk", "ide_intr"},
        10);
    core_ = std::make_unique<Core>(
        engine_, stream_, uint16_t{0},
        CoreParameters{
            .frequency_khz = 1'000'000, .context_switch = {.cycles = 10}, .timeslice = kSecond});
    block_ = std::make_unique<BlockLayer>(
        engine_, stream_, costs,
        BlockLayer::Parameters{.requests = {.nr_requests = options.nr_requests},
                               .jiffy = kMillisecond,
                               .capacity = Sector(1'000'000),
                               .partition_start = Sector(0),
                               .max_sectors = 1024},
        *core_);
    elevator_ = std::make_unique<Elevator>(engine_, costs, std::make_unique<NoopScheduler>(),
                                           QueueLimits{1024, 128, 128});
    if (options.ide) {
      driver_ = std::make_unique<IdeDriver>(engine_, stream_, costs, *core_);
    } else {
      driver_ = std::make_unique<ScsiDriver>(engine_, stream_, costs, *core_, options.queue_depth);
    }
    disk_ = std::make_unique<Disk>(
        engine_, stream_, std::make_unique<FixedLatencyModel>(kService, Sector(1'000'000)));
    block_->Connect(elevator_->ports(), driver_->ports());
    elevator_->Connect(block_->kick_port());
    driver_->Connect(elevator_->ports(), {block_->end_request_port(), block_->run_queue_port()},
                     disk_->ports());
    disk_->Connect(driver_->interrupt_port());
    owner_ = std::make_unique<testing::Scripted<EndBio>>(
        engine_, Layer::kPageCache,
        [this](EndBio& end) { static_cast<TestBio*>(end.bio)->ended = engine_.now(); });
    end_port_ = owner_->port();
  }

  TestBio& NewBio(uint64_t sector, uint32_t nr_sectors) {
    bios_.push_back(std::make_unique<TestBio>());
    TestBio& bio = *bios_.back();
    bio.id = bios_.size();
    bio.task = 1;
    bio.sector = Sector(sector);
    bio.nr_sectors = nr_sectors;
    bio.nr_segments = nr_sectors / 8;
    bio.end_io = &end_port_;
    return bio;
  }

  // Runs `program` as the only task.
  void Run(testing::Driver::Program program) {
    context_ =
        std::make_unique<Context>(Context::Kind::kTask, "task", uint16_t{1}, *core_, stream_);
    task_ = std::make_unique<testing::Driver>(engine_, *context_, std::move(program));
    engine_.Run();
    stream_.Finish();
  }
  Co<> Submit(testing::Driver& self, Context& context, Bio& bio) {
    SubmitBio submit;
    submit.bio = &bio;
    const Port<SubmitBio> port = block_->ports().submit_bio;
    co_await self.Ask(port, submit, context);
  }
  Co<> Unplug(testing::Driver& self, Context& context) {
    UnplugQueue unplug;
    const Port<UnplugQueue> port = block_->ports().unplug;
    co_await self.Ask(port, unplug, context);
  }
  // "D 100+8 C 100+8 ..." of the kinds listed.
  std::string Trace(std::initializer_list<std::pair<Kind, const char*>> kinds) const {
    std::string text;
    for (const Record& record : records_.all) {
      for (const auto& [kind, letter] : kinds) {
        if (record.kind != kind) continue;
        text += text.empty() ? "" : " ";
        text += letter;
        if (record.bytes > 0) {
          text += std::to_string(record.sector.value()) + "+" + std::to_string(record.bytes / 512);
        }
      }
    }
    return text;
  }
  Tick DateOf(Kind kind, size_t nth = 0) const {
    for (const Record& record : records_.all) {
      if (record.kind == kind && nth-- == 0) return record.tick;
    }
    return kNever;
  }

  RecordKeeper records_;
  EventStream stream_;
  Engine engine_{Backend::kFastForward};
  std::unique_ptr<Core> core_;
  std::unique_ptr<BlockLayer> block_;
  std::unique_ptr<Elevator> elevator_;
  std::unique_ptr<::biotope::Driver> driver_;
  std::unique_ptr<Disk> disk_;
  std::unique_ptr<testing::Scripted<EndBio>> owner_;
  Port<EndBio> end_port_;
  std::vector<std::unique_ptr<TestBio>> bios_;
  std::unique_ptr<Context> context_;
  std::unique_ptr<testing::Driver> task_;
};

TEST_F(BlockLayerTest, ABioOnAnIdleQueueWaitsForTheTimer) {
  Build({});
  TestBio& bio = NewBio(100, 8);
  Run([&](testing::Driver& self, Context& context) { return Submit(self, context, bio); });
  EXPECT_EQ(Trace({{Kind::kQueue, "Q"},
                   {Kind::kPlug, "P"},
                   {Kind::kGetRequest, "G"},
                   {Kind::kInsert, "I"},
                   {Kind::kUnplugTimer, "UT"},
                   {Kind::kIssue, "D"},
                   {Kind::kComplete, "C"}}),
            "Q100+8 P G100+8 I100+8 UT D100+8 C100+8");
  // jiffy 0 + 3
  EXPECT_EQ(DateOf(Kind::kUnplugTimer), 3 * kMillisecond.value() * Tick(1));
  EXPECT_NE(bio.ended, kNever);
  EXPECT_EQ(bio.error, 0);
}

TEST_F(BlockLayerTest, AWaiterUnplugsAtOnce) {
  Build({});
  TestBio& bio = NewBio(100, 8);
  Run([&](testing::Driver& self, Context& context) -> Co<> {
    co_await Submit(self, context, bio);
    co_await Unplug(self, context);
  });
  EXPECT_EQ(Trace({{Kind::kPlug, "P"},
                   {Kind::kUnplug, "U"},
                   {Kind::kUnplugTimer, "UT"},
                   {Kind::kIssue, "D"}}),
            "P U D100+8");
  EXPECT_LT(DateOf(Kind::kIssue), kMillisecond);
}

TEST_F(BlockLayerTest, TheFourthRequestUnplugs) {
  Build({});
  Run([&](testing::Driver& self, Context& context) -> Co<> {
    for (uint64_t i = 0; i < 4; ++i) co_await Submit(self, context, NewBio(1000 * i, 8));
  });
  EXPECT_EQ(Trace({{Kind::kPlug, "P"},
                   {Kind::kUnplugTimer, "UT"},
                   {Kind::kInsert, "I"},
                   {Kind::kUnplug, "U"},
                   {Kind::kIssue, "D"}}),
            "P I0+8 I1000+8 I2000+8 I3000+8 U D0+8 D1000+8 D2000+8 D3000+8");
}

TEST_F(BlockLayerTest, ASynchronousBioUnplugsItself) {
  Build({});
  TestBio& bio = NewBio(100, 8);
  bio.sync = true;
  Run([&](testing::Driver& self, Context& context) { return Submit(self, context, bio); });
  EXPECT_LT(DateOf(Kind::kIssue), kMillisecond);
}

TEST_F(BlockLayerTest, AdjacentBiosMergeBehindThePlugAndCompleteTogether) {
  Build({});
  Run([&](testing::Driver& self, Context& context) -> Co<> {
    co_await Submit(self, context, NewBio(108, 8));
    co_await Submit(self, context, NewBio(116, 8));  // back
    co_await Submit(self, context, NewBio(100, 8));  // front
    co_await Unplug(self, context);
  });
  EXPECT_EQ(Trace({{Kind::kInsert, "I"},
                   {Kind::kBackMerge, "M"},
                   {Kind::kFrontMerge, "F"},
                   {Kind::kIssue, "D"},
                   {Kind::kComplete, "C"}}),
            "I108+8 M116+8 F100+8 D100+24 C100+24");
  for (const auto& bio : bios_) EXPECT_NE(bio->ended, kNever);
}

TEST_F(BlockLayerTest, AScsiDiskWithFreeSlotsIsPluggedAgainByEachFirstRequest) {
  Build({});
  Run([&](testing::Driver& self, Context& context) -> Co<> {
    co_await Submit(self, context, NewBio(0, 8));
    co_await Unplug(self, context);
    co_await Submit(self, context, NewBio(1000, 8));  // the disk is busy, but the elevator empty
    co_await Unplug(self, context);
  });
  EXPECT_EQ(Trace({{Kind::kPlug, "P"}, {Kind::kIssue, "D"}, {Kind::kComplete, "C"}}),
            "P D0+8 P D1000+8 C0+8 C1000+8");
}

TEST_F(BlockLayerTest, ABusyIdeDiskIsNotPluggedAgain) {
  Build({.ide = true});
  Run([&](testing::Driver& self, Context& context) -> Co<> {
    co_await Submit(self, context, NewBio(0, 8));
    co_await Unplug(self, context);
    co_await Submit(self, context, NewBio(1000, 8));  // queues behind the one that is executed
    co_await Unplug(self, context);
  });
  EXPECT_EQ(Trace({{Kind::kPlug, "P"}, {Kind::kIssue, "D"}, {Kind::kComplete, "C"}}),
            "P D0+8 C0+8 D1000+8 C1000+8");
}

TEST_F(BlockLayerTest, WithDepthOneTheNextRequestIsChosenWhenTheRunningOneStarts) {
  Build({.queue_depth = 1});
  Run([&](testing::Driver& self, Context& context) -> Co<> {
    for (uint64_t i = 0; i < 4; ++i) co_await Submit(self, context, NewBio(1000 * i, 8));
    // 1000 has been chosen: it takes no bio any more; 2000 does.
    co_await Submit(self, context, NewBio(1008, 8));
    co_await Submit(self, context, NewBio(2008, 8));
  });
  EXPECT_EQ(Trace({{Kind::kBackMerge, "M"}, {Kind::kIssue, "D"}}),
            "D0+8 M2008+8 D1000+8 D2000+16 D3000+8 D1008+8");
}

TEST_F(BlockLayerTest, ATaskWaitsForAFreeRequest) {
  Build({.queue_depth = 1, .nr_requests = 4});
  Run([&](testing::Driver& self, Context& context) -> Co<> {
    for (uint64_t i = 0; i < 60; ++i) co_await Submit(self, context, NewBio(1000 * i, 8));
  });
  // The task that fills the queue may take a batch of 32 beyond the limit of 4, then it sleeps.
  EXPECT_GE(records_.Kinds({Kind::kSleepRequest}).size(), 1u);
  EXPECT_EQ(records_.Kinds({Kind::kComplete}).size(), 60u);
  EXPECT_TRUE(task_->done);
}

TEST_F(BlockLayerTest, ABioBeyondTheEndOfTheDeviceFails) {
  Build({});
  TestBio& bio = NewBio(999'996, 8);
  Run([&](testing::Driver& self, Context& context) { return Submit(self, context, bio); });
  EXPECT_EQ(bio.error, -EIO);
  EXPECT_EQ(Trace({{Kind::kQueue, "Q"}, {Kind::kIssue, "D"}}), "");
}

}  // namespace
}  // namespace biotope
