#include "layers/block/block_layer.h"

#include <cerrno>

#include "sim/core/check.h"

namespace biotope {
namespace {

RequestList::Direction DirectionOf(bool write) {
  return write ? RequestList::kWrite : RequestList::kRead;
}

uint16_t FlagsOf(bool write, bool sync, bool ahead, bool meta) {
  return static_cast<uint16_t>((write ? kFlagWrite : 0) | (sync ? kFlagSync : 0) |
                               (ahead ? kFlagAhead : 0) | (meta ? kFlagMeta : 0));
}

}  // namespace

BlockLayer::Costs::Costs(const CostTable& costs)
    : generic_make_request(costs.Get("generic_make_request")),
      make_request(costs.Get("__make_request")),
      get_request(costs.Get("get_request")),
      init_request_from_bio(costs.Get("init_request_from_bio")),
      generic_unplug_device(costs.Get("generic_unplug_device")),
      end_that_request_first(costs.Get("end_that_request_first")),
      end_that_request_last(costs.Get("end_that_request_last")),
      blk_unplug_timeout(costs.Get("blk_unplug_timeout")) {}

BlockLayer::BlockLayer(Engine& engine, EventStream& stream, const CostTable& costs,
                       const Parameters& parameters, Core& kblockd_core)
    : LayerActor(engine, Layer::kBlock, "block"),
      stream_(stream),
      costs_(costs),
      parameters_(parameters),
      list_(parameters.requests),
      plug_expires_(kNever),
      kblockd_(Context::Kind::kKernelThread, "kblockd/0", 0, kblockd_core, stream) {}

BlockPorts BlockLayer::ports() {
  return {PortOf<&BlockLayer::OnSubmitBio>(*this), PortOf<&BlockLayer::OnUnplug>(*this),
          PortOf<&BlockLayer::OnCongestion>(*this)};
}

// -- generic_make_request
//
// There is one queue, so bdev_get_queue has nothing to look up. Its make_request_fn is
// __make_request (blk_queue_make_request), its request_fn the driver's (blk_init_queue).

Handler BlockLayer::OnSubmitBio(SubmitBio& call) {
  Context& context = *call.context;
  Bio& bio = *call.bio;
  BIOTOPE_CHECK(bio.nr_sectors > 0, "bio {} is empty", bio.id);
  co_await Execute(context, costs_.generic_make_request);
  bio.sector += parameters_.partition_start;  // blk_partition_remap
  if (IsBeyondEnd(bio) || bio.nr_sectors > parameters_.max_sectors) {
    // "attempt to access beyond end of device", "bio too big device"
    bio.error = -EIO;
    co_await FinishBio(context, bio, 0);
  } else {
    RecordBio(Kind::kQueue, bio, context, bio.call);
    co_await MakeRequest(context, bio);
  }
  Reply(call);
}

bool BlockLayer::IsBeyondEnd(const Bio& bio) const {
  return bio.sector > parameters_.capacity ||
         Sector(bio.nr_sectors) > parameters_.capacity - bio.sector;
}

// -- __make_request

Co<> BlockLayer::MakeRequest(Context& context, Bio& bio) {
  Request* request = nullptr;
  for (;;) {
    co_await lock_.Acquire(*this, context);
    co_await Execute(context, costs_.make_request);
    MergeBio merge;
    merge.bio = &bio;
    co_await Ask(iosched_.merge, merge, context);
    if (merge.queue_empty) PlugDevice(context);
    if (merge.merged != MergeKind::kNone) {
      bio.request = merge.request;
      RecordBio(merge.merged == MergeKind::kBack ? Kind::kBackMerge : Kind::kFrontMerge, bio,
                context, merge.request->id);
      if (merge.swallowed != nullptr) {
        RecordRequest(Kind::kMergeRequests, *merge.request, context, 0, merge.swallowed->id);
        FreeRequest(*merge.swallowed);
      }
      if (request != nullptr) FreeRequest(*request);
      break;
    }
    // The kernel drops the lock to allocate and looks for a merge again afterwards, because others
    // may have been there. Nobody has if the allocation did not have to wait.
    if (request == nullptr) {
      co_await Execute(context, costs_.get_request);
      request = TryGetRequest(bio);
    }
    if (request != nullptr) {
      RecordBio(Kind::kGetRequest, bio, context, request->id);
      co_await Execute(context, costs_.init_request_from_bio);
      InitRequest(*request, bio);
      co_await InsertRequest(context, *request);
      break;
    }
    lock_.Release(context);
    if (bio.ahead) {
      bio.error = -EWOULDBLOCK;
      co_await FinishBio(context, bio, 0);
      co_return;
    }
    request = co_await GetRequestWait(context, bio);
  }
  if (bio.sync) co_await UnplugLocked(context);
  lock_.Release(context);
}

// __elv_add_request and the threshold test behind it.
Co<> BlockLayer::InsertRequest(Context& context, Request& request) {
  AddRequest add;
  add.request = &request;
  RecordRequest(Kind::kInsert, request, context, 0, 0);
  co_await Ask(iosched_.add, add, context);
  if (plugged_ && list_.total() - in_flight_ == parameters_.unplug_threshold) {
    co_await UnplugLocked(context);
  }
}

// -- Request allocation

Request* BlockLayer::TryGetRequest(const Bio& bio) {
  if (!list_.TryGet(DirectionOf(bio.write), bio.task, Jiffies())) return nullptr;
  if (free_requests_.empty()) {
    Request& request = requests_.emplace_back();
    request.slot = static_cast<uint32_t>(requests_.size() - 1);
    free_requests_.push_back(&request);
  }
  Request* request = free_requests_.back();
  free_requests_.pop_back();
  request->id = ++request_count_;
  request->write = bio.write;
  return request;
}

Co<Request*> BlockLayer::GetRequestWait(Context& context, const Bio& bio) {
  const RequestList::Direction direction = DirectionOf(bio.write);
  co_await lock_.Acquire(*this, context);
  co_await UnplugLocked(context);
  lock_.Release(context);
  RecordBio(Kind::kSleepRequest, bio, context, bio.call);
  for (;;) {
    if (Request* request = TryGetRequest(bio)) co_return request;
    RequestWaiter waiter{&context, nullptr};
    WaitQueue& queue = waiters_[direction];
    (queue.tail != nullptr ? queue.tail->next : queue.head) = &waiter;
    queue.tail = &waiter;
    co_await SleepIn(context, {"a free request of the queue", 0});
    list_.SetBatching(bio.task, Jiffies());
  }
}

void BlockLayer::WakeOneWaiter(RequestList::Direction direction) {
  WaitQueue& queue = waiters_[direction];
  if (queue.head == nullptr) return;
  Context& context = *queue.head->context;
  queue.head = queue.head->next;
  if (queue.head == nullptr) queue.tail = nullptr;
  context.core().Wake(context, 0);
}

void BlockLayer::InitRequest(Request& request, Bio& bio) {
  request.task = bio.task;
  request.sector = bio.sector;
  request.nr_sectors = bio.nr_sectors;
  request.nr_segments = bio.nr_segments;
  request.sync = bio.sync || bio.syncwrite || !bio.write;
  request.started = request.nomerge = false;
  request.holder = Layer::kIosched;
  request.start_time = engine().now();
  request.bio = request.biotail = &bio;
  bio.next = nullptr;
  bio.request = &request;
}

void BlockLayer::FreeRequest(Request& request) {
  const RequestList::Direction direction = DirectionOf(request.write);
  request.id = 0;
  request.bio = request.biotail = nullptr;
  free_requests_.push_back(&request);
  if (list_.Put(direction)) WakeOneWaiter(direction);
}

// -- Plugging

void BlockLayer::PlugDevice(const Context& context) {
  if (plugged_) return;
  plugged_ = true;
  RecordPlug(Kind::kPlug, context.task(), context.core().id(), 0);
  // mod_timer: the jiffy that is so many after the present one.
  plug_expires_ = parameters_.jiffy * (Jiffies() + parameters_.unplug_delay_jiffies);
  engine().At(
      plug_expires_,
      [](void* self) {
        BlockLayer& block = *static_cast<BlockLayer*>(self);
        if (block.plug_expires_ != block.engine().now()) return;  // unplugged in the meantime
        block.plug_expires_ = kNever;
        PortOf<&BlockLayer::OnPlugTimer>(block).Send(block.timer_message_);
      },
      this);
}

bool BlockLayer::RemovePlug() {
  if (!plugged_) return false;
  plugged_ = false;
  plug_expires_ = kNever;
  return true;
}

// generic_unplug_device: for a task that is going to wait.
Handler BlockLayer::OnUnplug(UnplugQueue& call) {
  Context& context = *call.context;
  if (plugged_) {
    co_await lock_.Acquire(*this, context);
    co_await UnplugLocked(context);
    lock_.Release(context);
  }
  Reply(call);
}

// __generic_unplug_device.
Co<> BlockLayer::UnplugLocked(Context& context) {
  co_await Execute(context, costs_.generic_unplug_device);
  if (!RemovePlug()) co_return;
  RecordPlug(Kind::kUnplug, context.task(), context.core().id(), list_.total());
  co_await RunRequestFn(context);
}

Co<> BlockLayer::RunRequestFn(Context& context) {
  RequestFn run;
  co_await Ask(driver_.request_fn, run, context);
  in_flight_ += run.taken;
}

// blk_unplug_timeout: the timer only wakes kblockd.
void BlockLayer::OnPlugTimer(Message&) {
  if (!plugged_) return;
  RecordPlug(Kind::kUnplugTimer, 0, kblockd_.core().id(), list_.total());
  if (kblockd_busy_) {
    kblockd_again_ = true;
  } else {
    Kblockd();
  }
}

void BlockLayer::OnKickQueue(KickQueue&) {
  kblockd_again_ = true;
  if (!kblockd_busy_) Kblockd();
}

// kblockd runs the queue: blk_unplug_work, or a scheduler's wake-up.
Handler BlockLayer::Kblockd() {
  kblockd_busy_ = true;
  co_await WakeThread(kblockd_);
  do {
    kblockd_again_ = false;
    co_await Execute(kblockd_, costs_.blk_unplug_timeout);
    co_await lock_.Acquire(*this, kblockd_);
    RemovePlug();
    co_await RunRequestFn(kblockd_);
    lock_.Release(kblockd_);
  } while (kblockd_again_);
  kblockd_busy_ = false;
  kblockd_.core().Block(kblockd_);
}

void BlockLayer::OnCongestion(QueryCongestion& call) {
  call.read_congested = list_.congested(RequestList::kRead);
  Reply(call);
}

// -- Completion

Handler BlockLayer::OnEndRequest(EndRequest& call) {
  Context& context = *call.context;
  Request& request = *call.request;
  co_await EndBios(context, request, call.error);
  co_await lock_.Acquire(*this, context);
  co_await Execute(context, costs_.end_that_request_last);
  if (call.still_queued) {
    DequeueRequest dequeue;
    dequeue.request = &request;
    co_await Ask(iosched_.dequeue, dequeue, context);
  } else {
    --in_flight_;
  }
  CompletedRequest completed;
  completed.request = &request;
  co_await Ask(iosched_.completed, completed, context);
  FreeRequest(request);
  lock_.Release(context);
  Reply(call);
}

Handler BlockLayer::OnRunQueue(RunQueue& call) {
  Context& context = *call.context;
  co_await lock_.Acquire(*this, context);
  RemovePlug();
  co_await RunRequestFn(context);
  lock_.Release(context);
  Reply(call);
}

// end_that_request_first, for the whole request.
Co<> BlockLayer::EndBios(Context& context, Request& request, int error) {
  co_await Execute(context, costs_.end_that_request_first);
  request.holder = Layer::kBlock;
  RecordRequest(Kind::kComplete, request, context, error, 0);
  for (Bio* bio = request.bio; bio != nullptr;) {
    Bio* next = bio->next;  // the bio is its owner's again when it has ended
    bio->error = error;
    co_await FinishBio(context, *bio, request.id);
    bio = next;
  }
  request.bio = request.biotail = nullptr;
}

// bio_endio.
Co<> BlockLayer::FinishBio(Context& context, Bio& bio, uint64_t request_id) {
  RecordBio(Kind::kBioEnd, bio, context, request_id);
  bio.request = nullptr;
  EndBio end;
  end.bio = &bio;
  co_await Ask(*bio.end_io, end, context);
}

// -- Records

void BlockLayer::RecordBio(Kind kind, const Bio& bio, const Context& context, uint64_t parent) {
  Record record;
  record.tick = engine().now();
  record.kind = kind;
  record.layer = Layer::kBlock;
  record.io = bio.id;
  record.parent = parent;
  record.sector = bio.sector;
  record.bytes = bio.nr_sectors * kSectorSize;
  record.task = context.task();
  record.cpu = context.core().id();
  record.flags = FlagsOf(bio.write, bio.sync, bio.ahead, bio.meta);
  record.error = static_cast<int16_t>(bio.error);
  stream_.Emit(record);
}

void BlockLayer::RecordRequest(Kind kind, const Request& request, const Context& context, int error,
                               uint64_t parent) {
  Record record;
  record.tick = engine().now();
  record.kind = kind;
  record.layer = Layer::kBlock;
  record.io = request.id;
  record.parent = parent;
  record.sector = request.sector;
  record.bytes = request.nr_sectors * kSectorSize;
  record.task = context.task();
  record.cpu = context.core().id();
  record.flags = FlagsOf(request.write, request.write && request.sync, false, false);
  record.error = static_cast<int16_t>(error);
  stream_.Emit(record);
}

void BlockLayer::RecordPlug(Kind kind, uint16_t task, uint16_t cpu, uint64_t value) {
  Record record;
  record.tick = engine().now();
  record.kind = kind;
  record.layer = Layer::kBlock;
  record.value = value;
  record.task = task;
  record.cpu = cpu;
  stream_.Emit(record);
}

}  // namespace biotope
