// Where the time of a call goes, from hand-written events.

#include "sim/results/breakdown.h"

#include <gtest/gtest.h>

#include <vector>

namespace biotope {
namespace {

constexpr uint64_t kCall = 7;
constexpr uint64_t kBio = 70;
constexpr uint64_t kRequest = 700;

Record At(uint64_t us, Kind kind, uint64_t io, Layer layer = Layer::kUser, uint64_t parent = 0) {
  Record record;
  record.tick = us * kMicrosecond;
  record.kind = kind;
  record.io = io;
  record.layer = layer;
  record.parent = parent;
  return record;
}

FinishedCall Follow(const std::vector<Record>& records) {
  IoMarks marks;
  BreakdownBuilder builder;
  for (const Record& record : records) {
    marks.Consume(record);
    if (builder.Consume(record, marks)) return builder.finished();
  }
  ADD_FAILURE() << "the call has not ended";
  return {};
}

uint64_t Us(const FinishedCall& call, Layer layer) {
  return call.share[static_cast<size_t>(layer)] / kMicrosecond;
}

TEST(BreakdownTest, TimeIsThatOfTheLayerThatWorks) {
  const FinishedCall call = Follow({
      At(10, Kind::kSyscallEnter, kCall, Layer::kSyscall),
      At(11, Kind::kLayer, kCall, Layer::kVfs),
      At(13, Kind::kLayer, kCall, Layer::kExt2),
      At(16, Kind::kLayer, kCall, Layer::kVfs),
      At(20, Kind::kSyscallExit, kCall, Layer::kSyscall),
  });
  EXPECT_EQ(call.latency(), 10 * kMicrosecond);
  EXPECT_EQ(Us(call, Layer::kSyscall), 1u);
  EXPECT_EQ(Us(call, Layer::kVfs), 2u + 4u);
  EXPECT_EQ(Us(call, Layer::kExt2), 3u);
}

// The sleep belongs to the bio that ends it; what it had behind it before does not count.
TEST(BreakdownTest, ASleepIsSharedOutByTheBioThatEndsIt) {
  const FinishedCall call = Follow({
      At(0, Kind::kSyscallEnter, kCall, Layer::kSyscall),
      At(1, Kind::kLayer, kCall, Layer::kPageCache),
      At(2, Kind::kQueue, kBio, Layer::kBlock, kCall),
      At(3, Kind::kGetRequest, kBio, Layer::kBlock, kRequest),
      At(4, Kind::kInsert, kRequest),
      At(5, Kind::kSleep, kCall, Layer::kPageCache),
      At(9, Kind::kIssue, kRequest),
      At(10, Kind::kDeviceStart, kRequest),
      At(30, Kind::kDeviceFinish, kRequest),
      At(33, Kind::kComplete, kRequest),
      At(34, Kind::kBioEnd, kBio, Layer::kBlock, kRequest),
      At(36, Kind::kWake, kCall, Layer::kPageCache, kBio),
      At(40, Kind::kRun, kCall, Layer::kPageCache),
      At(41, Kind::kSyscallExit, kCall, Layer::kSyscall),
  });
  EXPECT_EQ(Us(call, Layer::kSyscall), 1u);
  EXPECT_EQ(Us(call, Layer::kPageCache), 4u + 1u);
  EXPECT_EQ(Us(call, Layer::kIosched), 4u);  // from the sleep, not from I
  EXPECT_EQ(Us(call, Layer::kDriver), 1u + 3u);
  EXPECT_EQ(Us(call, Layer::kDisk), 20u);
  EXPECT_EQ(Us(call, Layer::kBlock), 3u);
  EXPECT_EQ(Us(call, Layer::kCpu), 4u);
}

TEST(BreakdownTest, ABioThatJoinedWaitsInTheSchedulerFromTheMerge) {
  const FinishedCall call = Follow({
      At(0, Kind::kSyscallEnter, kCall, Layer::kSyscall),
      At(0, Kind::kInsert, kRequest),
      At(1, Kind::kQueue, kBio, Layer::kBlock, kCall),
      At(2, Kind::kSleep, kCall, Layer::kPageCache),
      At(4, Kind::kBackMerge, kBio, Layer::kBlock, kRequest),
      At(9, Kind::kIssue, kRequest),
      At(9, Kind::kDeviceStart, kRequest),
      At(12, Kind::kDeviceFinish, kRequest),
      At(12, Kind::kComplete, kRequest),
      At(12, Kind::kBioEnd, kBio, Layer::kBlock, kRequest),
      At(12, Kind::kWake, kCall, Layer::kPageCache, kBio),
      At(12, Kind::kRun, kCall, Layer::kPageCache),
      At(12, Kind::kSyscallExit, kCall, Layer::kSyscall),
  });
  EXPECT_EQ(Us(call, Layer::kBlock), 2u);
  EXPECT_EQ(Us(call, Layer::kIosched), 5u);
  EXPECT_EQ(Us(call, Layer::kDisk), 3u);
}

// A request may be swallowed by its neighbour; its bios are then served with that one.
TEST(BreakdownTest, ABioFollowsItsRequestIntoAnother) {
  constexpr uint64_t kSurvivor = 701;
  const FinishedCall call = Follow({
      At(0, Kind::kSyscallEnter, kCall, Layer::kSyscall),
      At(0, Kind::kQueue, kBio, Layer::kBlock, kCall),
      At(0, Kind::kGetRequest, kBio, Layer::kBlock, kRequest),
      At(0, Kind::kInsert, kRequest),
      At(0, Kind::kSleep, kCall, Layer::kPageCache),
      At(1, Kind::kMergeRequests, kSurvivor, Layer::kBlock, kRequest),
      At(2, Kind::kIssue, kSurvivor),
      At(2, Kind::kDeviceStart, kSurvivor),
      At(8, Kind::kDeviceFinish, kSurvivor),
      At(8, Kind::kComplete, kSurvivor),
      At(8, Kind::kBioEnd, kBio, Layer::kBlock, kSurvivor),
      At(8, Kind::kWake, kCall, Layer::kPageCache, kBio),
      At(8, Kind::kRun, kCall, Layer::kPageCache),
      At(8, Kind::kSyscallExit, kCall, Layer::kSyscall),
  });
  EXPECT_EQ(Us(call, Layer::kIosched), 2u);
  EXPECT_EQ(Us(call, Layer::kDisk), 6u);
}

constexpr uint64_t kAio = 7;  // its own numbering

// The records of a system call that submits an asynchronous I/O, until it has returned.
std::vector<Record> SubmittingCall() {
  return {
      At(0, Kind::kSyscallEnter, kCall, Layer::kSyscall),
      At(1, Kind::kLayer, kCall, Layer::kVfs),
      At(3, Kind::kAioSubmit, kAio, Layer::kVfs, kCall),
      At(5, Kind::kLayer, kCall, Layer::kExt2),
      At(9, Kind::kQueue, kBio, Layer::kBlock, kCall),
      At(10, Kind::kGetRequest, kBio, Layer::kBlock, kRequest),
      At(11, Kind::kInsert, kRequest, Layer::kBlock),
      At(12, Kind::kLayer, kCall, Layer::kVfs),
      At(20, Kind::kSyscallExit, kCall, Layer::kSyscall),
  };
}

// Its call has it until its bio is queued, then the bio, though the call goes on for a while.
TEST(BreakdownTest, AnAsynchronousIoIsSharedOutByItsBio) {
  std::vector<Record> records = SubmittingCall();
  records.pop_back();  // the call goes on until after the I/O's end
  const std::vector<Record> rest = {
      At(15, Kind::kIssue, kRequest, Layer::kIosched),
      At(18, Kind::kDeviceStart, kRequest, Layer::kDisk),
      At(30, Kind::kDeviceFinish, kRequest, Layer::kDisk),
      At(32, Kind::kComplete, kRequest, Layer::kBlock),
      At(33, Kind::kBioEnd, kBio, Layer::kBlock, kRequest),
      At(35, Kind::kAioComplete, kAio, Layer::kVfs, kBio),
  };
  records.insert(records.end(), rest.begin(), rest.end());
  const FinishedCall io = Follow(records);
  EXPECT_TRUE(io.asynchronous);
  EXPECT_EQ(io.latency(), 32 * kMicrosecond);
  EXPECT_EQ(Us(io, Layer::kVfs), 2u);
  EXPECT_EQ(Us(io, Layer::kExt2), 4u);
  EXPECT_EQ(Us(io, Layer::kBlock), 2u + 3u);
  EXPECT_EQ(Us(io, Layer::kIosched), 4u);
  EXPECT_EQ(Us(io, Layer::kDriver), 3u + 2u);
  EXPECT_EQ(Us(io, Layer::kDisk), 12u);
}

// One that is done inside io_submit is its call's all the time, whatever bios that needed.
TEST(BreakdownTest, AnAsynchronousIoThatIsDoneInsideItsCall) {
  std::vector<Record> records = SubmittingCall();
  records.pop_back();
  records.push_back(At(16, Kind::kAioComplete, kAio, Layer::kVfs, 0));
  const FinishedCall io = Follow(records);
  EXPECT_TRUE(io.asynchronous);
  EXPECT_EQ(Us(io, Layer::kVfs), 2u + 4u);
  EXPECT_EQ(Us(io, Layer::kExt2), 7u);
}

TEST(BreakdownTest, TheCallThatSubmitsIsACallOfItsOwn) {
  const FinishedCall call = Follow(SubmittingCall());
  EXPECT_FALSE(call.asynchronous);
  EXPECT_EQ(call.latency(), 20 * kMicrosecond);
  EXPECT_EQ(Us(call, Layer::kVfs), 4u + 8u);
  EXPECT_EQ(Us(call, Layer::kExt2), 7u);
}

}  // namespace
}  // namespace biotope
