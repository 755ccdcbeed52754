#include "sim/world/replay.h"

#include <gtest/gtest.h>

#include <vector>

#include "sim/core/error.h"

namespace biotope {
namespace {

// Serves in 10 ms, and chooses the waiting command with the lowest address.
class LowestFirst : public DeviceModel {
 public:
  Sector capacity() const override { return Sector(1000); }
  ServiceTime Serve(Tick start, Sector first, uint32_t, bool) override {
    starts.push_back(start);
    order.push_back(first.value());
    return {.overhead = 10 * kMillisecond, .seek = {}, .rotation = {}, .transfer = {}};
  }
  uint32_t queue_depth() const override { return depth; }
  size_t PickNext(Tick, std::span<const WaitingCommand> waiting) override {
    size_t best = 0;
    for (size_t i = 1; i < waiting.size(); ++i) {
      if (waiting[i].first < waiting[best].first) best = i;
    }
    return best;
  }

  uint32_t depth = 1;
  std::vector<Tick> starts;
  std::vector<uint64_t> order;
};

class Listed : public TraceReader {
 public:
  explicit Listed(std::vector<TraceRequest> requests) : requests_(std::move(requests)) {}
  bool Next(TraceRequest* request) override {
    if (next_ == requests_.size()) return false;
    *request = requests_[next_++];
    return true;
  }

 private:
  std::vector<TraceRequest> requests_;
  size_t next_ = 0;
};

TraceRequest At(uint64_t issued_ms, uint64_t first) {
  TraceRequest request;
  request.first = Sector(first);
  request.nr_sectors = 1;
  request.issued = kMillisecond * issued_ms;
  return request;
}

TEST(ReplayTest, ClosedWaitsThePauseAfterTheSimulatedCompletion) {
  std::vector<TraceRequest> requests = {At(0, 1), At(0, 2), At(0, 3)};
  requests[0].think = 5 * kMillisecond;
  requests[1].think = Tick(0);
  Listed trace(requests);
  LowestFirst device;
  EXPECT_EQ(ReplayClosed(trace, device, [](const Replayed&) {}), 35 * kMillisecond);
  EXPECT_EQ(device.starts, (std::vector<Tick>{Tick(0), 15 * kMillisecond, 25 * kMillisecond}));
}

TEST(ReplayTest, OpenQueuesAndTheDeviceChooses) {
  Listed trace({At(0, 9), At(1, 8), At(2, 3), At(100, 1)});
  LowestFirst device;
  device.depth = 4;
  std::vector<Tick> responses;
  ReplayOpen(trace, device, 1.0, [&](const Replayed& done) { responses.push_back(done.response); });
  EXPECT_EQ(device.order, (std::vector<uint64_t>{9, 3, 8, 1}));
  EXPECT_EQ(responses, (std::vector<Tick>{10 * kMillisecond, 18 * kMillisecond, 29 * kMillisecond,
                                          10 * kMillisecond}));
}

TEST(ReplayTest, SpeedScalesTheDates) {
  Listed trace({At(0, 1), At(100, 2)});
  LowestFirst device;
  ReplayOpen(trace, device, 2.0, [](const Replayed&) {});
  EXPECT_EQ(device.starts.back(), 50 * kMillisecond);
}

TEST(ReplayTest, ARequestBeyondTheDeviceIsAnError) {
  Listed trace({At(0, 1), At(0, 1000)});
  LowestFirst device;
  try {
    ReplayClosed(trace, device, [](const Replayed&) {});
    ADD_FAILURE();
  } catch (const ScenarioError& error) {
    EXPECT_NE(std::string(error.what()).find("request 2"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace biotope
