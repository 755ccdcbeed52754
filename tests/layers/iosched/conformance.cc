#include "tests/layers/iosched/conformance.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <ostream>
#include <utility>

#include "tests/layers/iosched/checked_scheduler.h"

namespace biotope {
namespace {

constexpr Tick kService = 5 * kMillisecond;
// Far more than any scheduler sleeps between two dispatches.
constexpr size_t kMaxWakeups = 10'000;

// Runs a scheduler behind a CheckedScheduler, with a clock.
class ConformanceRun {
 public:
  ConformanceRun(const SchedulerFactory& factory, TestQueue::Addresses addresses)
      : checked_(new CheckedScheduler(factory(), record_.violations)),
        queue_(std::unique_ptr<IoScheduler>(checked_),
               {.limits = {.max_sectors = 64}, .addresses = addresses}) {}

  void Apply(const Operation& operation) {
    switch (operation.kind) {
      case Operation::Kind::kSubmit:
        queue_.Submit(operation.bio, now_);
        break;
      case Operation::Kind::kPeek:
        queue_.Peek(now_);
        break;
      case Operation::Kind::kDispatch:
        Dispatch();
        break;
      case Operation::Kind::kComplete:
        if (!in_flight_.empty()) Complete(operation.which % in_flight_.size());
        break;
      case Operation::Kind::kAdvance:
        now_ += kMicrosecond * operation.time_us;
        break;
    }
  }

  // The device takes what it gets, one after the other, until nothing is left.
  void Drain() {
    while (!in_flight_.empty()) Complete(0);
    for (size_t wakeups = 0; (checked_->held() > 0 || queue_.has_chosen()) && !failed();) {
      if (Dispatch()) {
        now_ += kService;
        Complete(0);
      } else if (const std::optional<Tick> wakeup = checked_->NextWakeup()) {
        now_ = *wakeup;
        if (++wakeups > kMaxWakeups) record_.violations.push_back("wakes up for ever");
      }
    }
    if (!failed() && queue_.waiting_bios() > 0) {
      record_.violations.push_back(fmt::format("lost {} bios", queue_.waiting_bios()));
    }
  }

  bool failed() const { return !record_.violations.empty(); }
  RunRecord& record() { return record_; }

 private:
  bool Dispatch() {
    Request* request = queue_.Dispatch(now_);
    if (request == nullptr) return false;
    in_flight_.push_back(request);
    record_.dispatched.push_back(fmt::format("{}@{}", Show(*request), now_.value()));
    return true;
  }

  void Complete(size_t index) {
    queue_.Complete(*in_flight_[index], now_);
    in_flight_.erase(in_flight_.begin() + static_cast<std::ptrdiff_t>(index));
  }

  RunRecord record_;
  Tick now_;
  CheckedScheduler* checked_;  // belongs to queue_
  TestQueue queue_;
  std::vector<Request*> in_flight_;
};

// -- Loads that are made to starve others

struct Load {
  const char* name;
  // The i-th bio of the crowd.
  BioSpec (*crowd)(uint64_t i);
};

constexpr uint64_t kFar = 40'000'000;

uint64_t Scatter(uint64_t i) { return i * 0x9E3779B97F4A7C15u >> 44; }

const Load kLoads[] = {
    {"ascending reads",
     [](uint64_t i) { return BioSpec{.sector = 1000 + 8 * i, .nr_sectors = 8, .task = 2}; }},
    {"reads of one place",
     [](uint64_t i) { return BioSpec{.sector = 1000 + i % 3 * 16, .task = 2}; }},
    {"reads close to each other",
     [](uint64_t i) { return BioSpec{.sector = Scatter(i) % 4096 * 8, .task = 2}; }},
    {"writes close to each other",
     [](uint64_t i) {
       return BioSpec{.write = true, .sector = Scatter(i) % 4096 * 8, .task = 2, .sync = false};
     }},
    {"reads and writes everywhere",
     [](uint64_t i) {
       return BioSpec{
           .write = i % 2 == 0, .sector = Scatter(i) * 16, .task = 2, .sync = i % 4 == 0};
     }},
};

// Keeps 32 bios in the queue: one read and one write far away, and a crowd.
class StarvationRun {
 public:
  StarvationRun(const SchedulerFactory& factory, const Load& load)
      : load_(load), queue_(factory(), {.limits = {.max_sectors = 64}}) {}

  Tick LongestWait(Tick duration) {
    for (uint64_t i = 0; i < 30; ++i) SubmitCrowd();
    SubmitVictim(false);
    SubmitVictim(true);
    while (now_ < duration) {
      Request* request = queue_.Dispatch(now_);
      if (request == nullptr) {
        now_ = NextDate();
        continue;
      }
      const std::vector<uint64_t> bios = CountWaits(*request);
      now_ += kService;
      queue_.Complete(*request, now_);
      for (const uint64_t sector : bios) Replace(sector);
    }
    // Who is still waiting counts too.
    for (const Tick since : {read_since_, write_since_}) Note(now_ - since);
    return longest_;
  }

 private:
  void SubmitCrowd() { queue_.Submit(load_.crowd(crowd_++), now_); }
  void SubmitVictim(bool write) {
    (write ? write_since_ : read_since_) = now_;
    queue_.Submit({.write = write, .sector = write ? kFar + 1000 : kFar, .task = 1, .sync = false},
                  now_);
  }
  // Returns the sectors of the bios.
  std::vector<uint64_t> CountWaits(const Request& request) {
    std::vector<uint64_t> sectors;
    for (const Bio* bio = request.bio; bio != nullptr; bio = bio->next) {
      sectors.push_back(bio->sector.value());
    }
    Note(now_ - request.start_time);
    return sectors;
  }
  void Replace(uint64_t sector) {
    if (sector == kFar) {
      SubmitVictim(false);
    } else if (sector == kFar + 1000) {
      SubmitVictim(true);
    } else {
      SubmitCrowd();
    }
  }
  void Note(Tick wait) { longest_ = std::max(longest_, wait); }
  Tick NextDate() { return queue_.scheduler().NextWakeup().value_or(now_ + kService); }

  const Load& load_;
  TestQueue queue_;
  Tick now_;
  uint64_t crowd_ = 0;
  Tick read_since_, write_since_;
  Tick longest_;
};

}  // namespace

std::ostream& operator<<(std::ostream& out, const Operation& operation) {
  switch (operation.kind) {
    case Operation::Kind::kSubmit:
      return out << fmt::format("{}{}+{} task {}{}", operation.bio.write ? 'W' : 'R',
                                operation.bio.sector, operation.bio.nr_sectors, operation.bio.task,
                                operation.bio.sync ? " sync" : "");
    case Operation::Kind::kPeek:
      return out << "peek";
    case Operation::Kind::kDispatch:
      return out << "dispatch";
    case Operation::Kind::kComplete:
      return out << "complete " << operation.which;
    case Operation::Kind::kAdvance:
      return out << "advance " << operation.time_us << " us";
  }
  return out;
}

Operation MakeOperation(uint32_t kind, uint32_t place, uint32_t size, uint32_t who) {
  Operation operation;
  operation.which = place;
  // From within a jiffy to the longest time-out.
  operation.time_us = size % 8 == 0 ? 1 + place % 6'000'000 : 1 + place % 3'000;
  operation.bio = {.write = who % 3 == 0,
                   .sector = 8 * (place % 48u),
                   .nr_sectors = 8 * (1 + size % 3),
                   .task = static_cast<uint16_t>(1 + who % 4),
                   .sync = who % 2 == 0};
  constexpr Operation::Kind kKinds[] = {
      Operation::Kind::kSubmit,   Operation::Kind::kSubmit,   Operation::Kind::kSubmit,
      Operation::Kind::kDispatch, Operation::Kind::kDispatch, Operation::Kind::kPeek,
      Operation::Kind::kComplete, Operation::Kind::kComplete, Operation::Kind::kAdvance};
  operation.kind = kKinds[kind % std::size(kKinds)];
  return operation;
}

std::vector<Operation> RandomOperations(Random& random, size_t count) {
  std::vector<Operation> operations;
  const auto any = [&random] { return static_cast<uint32_t>(random.Below(uint64_t{1} << 32)); };
  for (size_t i = 0; i < count; ++i) {
    const uint32_t kind = any(), place = any(), size = any(), who = any();
    operations.push_back(MakeOperation(kind, place, size, who));
  }
  return operations;
}

RunRecord RunOperations(const SchedulerFactory& factory, const std::vector<Operation>& operations,
                        TestQueue::Addresses addresses) {
  ConformanceRun run(factory, addresses);
  for (const Operation& operation : operations) {
    run.Apply(operation);
    if (run.failed()) return std::move(run.record());
  }
  run.Drain();
  return std::move(run.record());
}

Violations CheckOperations(const SchedulerFactory& factory,
                           const std::vector<Operation>& operations) {
  RunRecord first = RunOperations(factory, operations);
  if (!first.violations.empty()) return first.violations;
  if (RunOperations(factory, operations).dispatched != first.dispatched) {
    return {"a second run has another order"};
  }
  const auto other = TestQueue::Addresses::kDescending;
  if (RunOperations(factory, operations, other).dispatched != first.dispatched) {
    return {"addresses have an influence on the order"};
  }
  return {};
}

Violations CheckRandomOperations(const SchedulerFactory& factory, uint64_t seed, size_t count) {
  Random random(seed, "operations");
  for (size_t i = 0; i < count; ++i) {
    const auto length = static_cast<size_t>(1 + random.Below(200));
    const std::vector<Operation> operations = RandomOperations(random, length);
    Violations violations = CheckOperations(factory, operations);
    if (!violations.empty()) return violations;
  }
  return {};
}

std::vector<std::string> FindStarvation(const SchedulerFactory& factory, Tick limit) {
  std::vector<std::string> loads;
  for (const Load& load : kLoads) {
    if (StarvationRun(factory, load).LongestWait(2 * limit) > limit) loads.emplace_back(load.name);
  }
  return loads;
}

}  // namespace biotope
