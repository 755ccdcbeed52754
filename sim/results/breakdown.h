#ifndef BIOTOPE_SIM_RESULTS_BREAKDOWN_H_
#define BIOTOPE_SIM_RESULTS_BREAKDOWN_H_

#include <array>
#include <cstdint>

#include "sim/core/id_map.h"
#include "sim/core/layer.h"
#include "sim/core/units.h"
#include "sim/results/io_marks.h"
#include "sim/trace/record.h"

namespace biotope {

// A system call or an asynchronous I/O that has ended, and how long each layer had it. The shares
// add up to the latency.
struct FinishedCall {
  uint64_t id = 0;
  bool asynchronous = false;  // enter and exit are its submission and its completion
  Op op = Op::kRead;
  uint16_t task = 0;
  Tick enter;
  Tick exit;
  uint32_t bytes_asked = 0;
  int64_t result = 0;
  std::array<Tick, kLayerCount> share{};

  Tick latency() const { return exit - enter; }
};

// Tells where the time of each system call goes.
//
// While a call executes, its time is that of the layer that works (kLayer). While its task sleeps,
// it is the time of the bio whose end woke it: from Q on the block layer has it, from I (or from
// the merge) the elevator, from D the driver, then the device, the driver again until C, and the
// block layer until the wake-up. What was past before the task began to sleep does not count. From
// the wake-up until it has a core the task waits for the cpu.
//
// The time of an asynchronous I/O (from io_submit_one until its event is in the ring) is that of
// the system call which submits it until its first bio is queued, and from then on that of the bio
// that ends it.
class BreakdownBuilder {
 public:
  // Takes one record of the stream, after `marks` has. True if it ended a call: finished() is that
  // one.
  bool Consume(const Record& record, IoMarks& marks);
  // Asynchronous I/Os under way.
  size_t open_aios() const { return aios_.size(); }
  const FinishedCall& finished() const { return finished_; }

  // Calls under way.
  size_t open() const { return calls_.size(); }

 private:
  struct OpenCall {
    FinishedCall call;
    Layer layer = Layer::kSyscall;
    Tick since;            // everything before has been shared out
    uint64_t submits = 0;  // the asynchronous I/O that the call is submitting, 0: none
  };
  // It follows its call at first; what it was when its first bio was queued is kept, because from
  // there on its time is the bios', unless all was done inside the call.
  struct OpenAio {
    OpenCall flow;
    bool queued = false;
    OpenCall at_queue;
  };

  bool ConsumeCall(const Record& record, IoMarks& marks);
  void BeginAio(const Record& record);
  void QueueBio(const Record& record);
  bool EndAio(const Record& record, IoMarks& marks);
  void Finish(OpenCall& call, const Record& record);

  static void Share(OpenCall& call, Tick until, Layer layer);
  static void ShareSleep(OpenCall& call, Tick wake, const BioMarks* bio);

  IdMap<OpenCall> calls_;
  IdMap<OpenAio> aios_;
  FinishedCall finished_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_RESULTS_BREAKDOWN_H_
