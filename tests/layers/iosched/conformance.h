#ifndef BIOTOPE_TESTS_LAYERS_IOSCHED_CONFORMANCE_H_
#define BIOTOPE_TESTS_LAYERS_IOSCHED_CONFORMANCE_H_

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "layers/iosched/io_scheduler.h"
#include "sim/core/random.h"
#include "sim/core/units.h"
#include "tests/layers/iosched/test_queue.h"

// What every I/O scheduler must keep, whatever it is: nothing is lost, nothing is dispatched twice,
// merges keep the sectors, equal input gives equal output, and nobody waits for ever.
namespace biotope {

using SchedulerFactory = std::function<std::unique_ptr<IoScheduler>()>;
using Violations = std::vector<std::string>;

// One thing that happens to a scheduler.
struct Operation {
  enum class Kind { kSubmit, kPeek, kDispatch, kComplete, kAdvance };
  Kind kind = Kind::kSubmit;
  BioSpec bio;           // kSubmit
  uint32_t which = 0;    // kComplete: which of those in flight, modulo their number
  uint32_t time_us = 0;  // kAdvance
};
std::ostream& operator<<(std::ostream& out, const Operation& operation);

// An operation on a small disk, so that bios often meet; each of the numbers is any number.
Operation MakeOperation(uint32_t kind, uint32_t place, uint32_t size, uint32_t who);
std::vector<Operation> RandomOperations(Random& random, size_t count);

// What happened in a run: the requests in the order of dispatch with their dates, and what was
// wrong.
struct RunRecord {
  std::vector<std::string> dispatched;
  Violations violations;
};

// Applies `operations`, then lets everything that is left leave.
RunRecord RunOperations(const SchedulerFactory& factory, const std::vector<Operation>& operations,
                        TestQueue::Addresses addresses = TestQueue::Addresses::kAscending);

// All that RunOperations finds wrong, and any influence of addresses or of the past on the order.
Violations CheckOperations(const SchedulerFactory& factory,
                           const std::vector<Operation>& operations);

// The same for `count` random sequences of operations.
Violations CheckRandomOperations(const SchedulerFactory& factory, uint64_t seed, size_t count);

// The loads, of those that are made to starve others, under which a request waits longer than
// `limit`; 32 bios at a time, 5 ms per request.
std::vector<std::string> FindStarvation(const SchedulerFactory& factory, Tick limit);

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_IOSCHED_CONFORMANCE_H_
