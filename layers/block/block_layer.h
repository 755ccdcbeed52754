#ifndef BIOTOPE_LAYERS_BLOCK_BLOCK_LAYER_H_
#define BIOTOPE_LAYERS_BLOCK_BLOCK_LAYER_H_

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "layers/block/messages.h"
#include "layers/block/request_list.h"
#include "layers/driver/messages.h"
#include "layers/iosched/messages.h"
#include "sim/cpu/cost_table.h"
#include "sim/cpu/layer_actor.h"
#include "sim/cpu/spin_lock.h"
#include "sim/trace/stream.h"

namespace biotope {

// Models: drivers/block/ll_rw_blk.c submit_bio, generic_make_request, __make_request,
// get_request_wait, blk_plug_device, __generic_unplug_device, blk_unplug_timeout, blk_run_queue,
// end_that_request_first/last (Linux 2.6.11).
// Left out on purpose: bounce buffers, barriers, stacked devices, packet commands.
//
// The generic block layer with its one queue: bios come in, become requests or join some, and wait
// behind the plug; a trigger (a waiter, the fourth request, the 3 ms timer, a synchronous bio, a
// completion) unplugs the queue, and the driver takes what the elevator gives it.
class BlockLayer : public LayerActor {
 public:
  struct Parameters {
    RequestList::Limits requests;
    uint32_t unplug_threshold = 4;  // queued requests
    uint32_t unplug_delay_jiffies = 3;
    Tick jiffy;       // 1 s / hz
    Sector capacity;  // of the device
    Sector partition_start;
    uint32_t max_sectors = 0;  // of a bio
  };

  BlockLayer(Engine& engine, EventStream& stream, const CostTable& costs,
             const Parameters& parameters, Core& kblockd_core);

  BlockPorts ports();
  // What the driver uses.
  Port<EndRequest> end_request_port() { return PortOf<&BlockLayer::OnEndRequest>(*this); }
  Port<RunQueue> run_queue_port() { return PortOf<&BlockLayer::OnRunQueue>(*this); }
  // What the elevator uses.
  Port<KickQueue> kick_port() { return PortOf<&BlockLayer::OnKickQueue>(*this); }

  void Connect(const IoschedPorts& iosched, const DriverPorts& driver) {
    iosched_ = iosched;
    driver_ = driver;
  }

  // For the report of a run that got stuck: calls `visit` with each request that is alive.
  template <class Visitor>
  void ForEachRequest(Visitor visit) const {
    for (const Request& request : requests_) {
      if (request.id != 0) visit(request);
    }
  }

 private:
  struct Costs {
    explicit Costs(const CostTable& costs);
    FunctionCost generic_make_request, make_request, get_request, init_request_from_bio,
        generic_unplug_device, end_that_request_first, end_that_request_last, blk_unplug_timeout;
  };
  // A task that waits for a free request; lies in the frame of its coroutine.
  struct RequestWaiter {
    Context* context = nullptr;
    RequestWaiter* next = nullptr;
  };
  struct WaitQueue {
    RequestWaiter* head = nullptr;
    RequestWaiter* tail = nullptr;
  };

  Handler OnSubmitBio(SubmitBio& call);
  Handler OnUnplug(UnplugQueue& call);
  void OnCongestion(QueryCongestion& call);
  Handler OnEndRequest(EndRequest& call);
  Handler OnRunQueue(RunQueue& call);
  void OnKickQueue(KickQueue& message);
  void OnPlugTimer(Message& message);
  Handler Kblockd();

  bool IsBeyondEnd(const Bio& bio) const;
  Co<> MakeRequest(Context& context, Bio& bio);
  Co<Request*> GetRequestWait(Context& context, const Bio& bio);
  Co<> InsertRequest(Context& context, Request& request);
  Co<> RunRequestFn(Context& context);
  Co<> UnplugLocked(Context& context);
  Co<> EndBios(Context& context, Request& request, int error);
  Co<> FinishBio(Context& context, Bio& bio, uint64_t request_id);

  Request* TryGetRequest(const Bio& bio);
  void InitRequest(Request& request, Bio& bio);
  void FreeRequest(Request& request);
  void WakeOneWaiter(RequestList::Direction direction);
  void PlugDevice(const Context& context);
  bool RemovePlug();

  uint64_t Jiffies() const { return engine().now() / parameters_.jiffy; }
  void RecordBio(Kind kind, const Bio& bio, const Context& context, uint64_t parent);
  void RecordRequest(Kind kind, const Request& request, const Context& context, int error,
                     uint64_t parent);
  void RecordPlug(Kind kind, uint16_t task, uint16_t cpu, uint64_t value);

  EventStream& stream_;
  const Costs costs_;
  const Parameters parameters_;
  IoschedPorts iosched_;
  DriverPorts driver_;

  SpinLock lock_;  // q->queue_lock
  RequestList list_;
  std::array<WaitQueue, 2> waiters_;
  uint32_t in_flight_ = 0;  // q->in_flight: requests that the driver has taken

  bool plugged_ = false;
  Tick plug_expires_;  // date of the valid timer event; kNever: none
  struct TimerMessage : Message {
  } timer_message_;

  Context kblockd_;
  bool kblockd_busy_ = false;
  bool kblockd_again_ = false;

  std::deque<Request> requests_;  // every request ever made; those with id 0 are free
  std::vector<Request*> free_requests_;
  uint64_t request_count_ = 0;  // ids given so far
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_BLOCK_BLOCK_LAYER_H_
