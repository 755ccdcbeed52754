#include "layers/disk/ssd/ssd_disk.h"

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/layers/disk/ssd/small_ssd.h"
#include "tests/testing/scripted.h"

namespace biotope {
namespace {

// A driver that sends requests at given dates and notes when they come back.
class SsdDiskTest : public ::testing::TestWithParam<Backend> {
 protected:
  static constexpr size_t kMost = 8;

  SsdDiskTest()
      : engine_(GetParam()),
        disk_(engine_, stream_, SmallSsd()),
        driver_(engine_, Layer::kDriver, [this](Command& command) {
          finished_.push_back(std::to_string(command.request->id) + " at " +
                              std::to_string(engine_.now() / kNanosecond));
          errors_.push_back(command.error);
        }) {
    disk_.Connect(driver_.port());
    stream_.AddSink(&records_);
  }

  void SendAt(Tick date, uint64_t sector, uint32_t nr_sectors = 8) {
    Sending& sending = sendings_[nr_sendings_];
    sending.request.id = ++nr_sendings_;
    sending.request.sector = Sector(sector);
    sending.request.nr_sectors = nr_sectors;
    sending.command.request = &sending.request;
    sending.port = disk_.ports().command;
    engine_.At(
        date,
        [](void* self) {
          static_cast<Sending*>(self)->port.Send(static_cast<Sending*>(self)->command);
        },
        &sending);
  }

  struct Sending {
    Request request;
    Command command;
    Port<Command> port;
  };

  Engine engine_;
  EventStream stream_;
  testing::RecordKeeper records_;
  SsdDisk disk_;
  testing::Scripted<Command> driver_;
  std::array<Sending, kMost> sendings_;
  size_t nr_sendings_ = 0;
  std::vector<std::string> finished_;
  std::vector<int> errors_;
};

using Lines = std::vector<std::string>;

INSTANTIATE_TEST_SUITE_P(Backends, SsdDiskTest,
                         ::testing::Values(Backend::kPublic, Backend::kFastForward),
                         [](const auto& backend) {
                           return backend.param == Backend::kPublic ? "public_api" : "fast_forward";
                         });

// 4 KiB pages 0 and 1 lie behind different channels, page 16 in the chip of page 0. A read
// takes 55.096 us.
TEST_P(SsdDiskTest, WorksOnAllCommandsAtTheSameTime) {
  SendAt(Tick(0), 0);
  SendAt(Tick(0), 16 * 8);
  SendAt(10 * kMicrosecond, 8);
  engine_.Run();
  stream_.Finish();
  EXPECT_EQ(finished_, (Lines{"1 at 55100", "3 at 65100", "2 at 110196"}));
  EXPECT_EQ(records_.Kinds({Kind::kDeviceStart, Kind::kDeviceFinish}),
            (std::vector<Kind>{Kind::kDeviceStart, Kind::kDeviceStart, Kind::kDeviceStart,
                               Kind::kDeviceFinish, Kind::kDeviceFinish, Kind::kDeviceFinish}));
}

TEST_P(SsdDiskTest, RefusesAnAddressThatItDoesNotHave) {
  SendAt(kMicrosecond, disk_.model().capacity().value() - 4);
  SendAt(kMicrosecond, disk_.model().capacity().value() + 4);
  engine_.Run();
  EXPECT_EQ(finished_, (Lines{"1 at 1000", "2 at 1000"}));
  EXPECT_EQ(errors_, (std::vector<int>{-EIO, -EIO}));
}

TEST_P(SsdDiskTest, IsIdleBetweenCommands) {
  SendAt(Tick(0), 0);
  SendAt(kSecond, 0);
  engine_.Run();
  EXPECT_EQ(finished_, (Lines{"1 at 55100", "2 at 1000055100"}));
}

}  // namespace
}  // namespace biotope
