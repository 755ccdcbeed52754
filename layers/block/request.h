#ifndef BIOTOPE_LAYERS_BLOCK_REQUEST_H_
#define BIOTOPE_LAYERS_BLOCK_REQUEST_H_

#include <boost/intrusive/list_hook.hpp>
#include <boost/intrusive/set_hook.hpp>
#include <cstdint>

#include "layers/block/bio.h"
#include "layers/block/io_priority.h"
#include "sim/core/layer.h"
#include "sim/core/units.h"

namespace biotope {

// What the scheduler sorts and the driver executes: one or more adjacent bios of one direction
// (struct request of Linux 2.6).
//
// The hooks belong to whichever scheduler holds the request, so that no scheduler allocates per
// request; a scheduler that needs more keeps it in a table of its own, indexed by `slot`.
struct Request {
  using SafeLink = boost::intrusive::link_mode<boost::intrusive::safe_link>;
  using AutoUnlink = boost::intrusive::link_mode<boost::intrusive::auto_unlink>;

  uint64_t id = 0;    // unique in the run, see Kind
  uint32_t slot = 0;  // index in the request pool, reused; below the number of requests ever live
                      // at once
  uint16_t task = 0;  // 1-based number of the submitting task
  Sector sector;
  uint32_t nr_sectors = 0;
  uint32_t nr_segments = 0;
  bool write = false;
  bool sync = false;       // READ, or a write that somebody waits for (PF_SYNCWRITE, O_DIRECT)
  bool started = false;    // REQ_STARTED: chosen for the driver, no more merging
  bool nomerge = false;    // REQ_NOMERGE: a limit refused a merge once
  IoPriority ioprio = {};  // of its bios
  uint16_t cpu = 0;        // whose software queue it went through (mq_ctx, blk-mq)
  Tick start_time;         // when it was allocated
  Tick deadline;           // FIFO expiry; the scheduler's

  Layer holder = Layer::kBlock;  // which layer has it, for the report of a run that got stuck

  Bio* bio = nullptr;      // first
  Bio* biotail = nullptr;  // last

  boost::intrusive::list_member_hook<SafeLink> fifo_hook;      // FIFO of a direction
  boost::intrusive::set_member_hook<SafeLink> sort_hook;       // tree by start sector
  boost::intrusive::list_member_hook<AutoUnlink> hash_hook;    // bucket of the hash by end sector
  boost::intrusive::list_member_hook<SafeLink> dispatch_hook;  // the dispatch list (q->queue_head)

  Sector end() const { return sector + Sector(nr_sectors); }
  bool Mergeable() const { return !started && !nomerge; }
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_BLOCK_REQUEST_H_
