#ifndef BIOTOPE_LAYERS_BLOCK_BIO_H_
#define BIOTOPE_LAYERS_BLOCK_BIO_H_

#include <cstdint>

#include "layers/block/io_priority.h"
#include "sim/core/units.h"
#include "sim/engine/message.h"

namespace biotope {

struct EndBio;
struct Request;

// One contiguous transfer between the device and memory (struct bio of Linux 2.6).
// Models: include/linux/bio.h (Linux 2.6.11). Left out on purpose: the memory pages themselves; a
// bio knows how many segments they make, because that limits merging, and its owner knows the rest.
struct Bio {
  uint64_t id = 0;    // unique in the run, see Kind
  uint64_t call = 0;  // the system call on whose behalf it was submitted
  uint16_t task = 0;  // its task
  Sector sector;      // bi_sector: relative to its partition until the block layer maps it
  uint32_t nr_sectors = 0;
  uint32_t nr_segments = 0;  // physical segments (pages that are not adjacent in memory)
  bool write = false;
  bool sync = false;       // BIO_RW_SYNC: unplug the queue when it has been queued
  bool syncwrite = false;  // PF_SYNCWRITE of its task: somebody waits for this write
  bool ahead = false;      // BIO_RW_AHEAD: may fail when no request is free
  bool meta = false;       // for the trace only
  IoPriority ioprio;       // bi_ioprio (Linux 4.11 and later)
  uint16_t cpu = 0;        // whose software queue it goes through (blk-mq)
  int error = 0;           // when it has ended: 0 or -errno

  const Port<EndBio>* end_io = nullptr;  // bi_end_io: who hears of its end

  Bio* next = nullptr;         // bi_next: the chain of the bios of a request
  Request* request = nullptr;  // the request that carries it, once there is one

  Sector end() const { return sector + Sector(nr_sectors); }
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_BLOCK_BIO_H_
