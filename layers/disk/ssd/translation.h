#ifndef BIOTOPE_LAYERS_DISK_SSD_TRANSLATION_H_
#define BIOTOPE_LAYERS_DISK_SSD_TRANSLATION_H_

// Models demand-based mapping (DFTL; Gupta, Kim and Urgaonkar, ASPLOS 2009) as MQSim does it
// (2022-10, Address_Mapping_Unit_Page_Level): the mapping table lies in translation pages in the
// flash; single entries are cached. A miss reads the translation page and brings in the entries
// that are asked for, not the whole page. An entry that leaves the cache after it has changed
// writes its translation page back: the old one is read, merged with all changed entries of the
// cache, and programmed. Until that is done the page is in memory, and its entries are found there.
// The number of such pages that may wait in memory before one is programmed is a parameter.

#include <cstdint>
#include <vector>

#include "layers/disk/ssd/flash_op.h"
#include "layers/disk/ssd/mapping_cache.h"
#include "layers/disk/ssd/ssd_parameters.h"

namespace biotope {

class Translation {
 public:
  // What it needs done: reads and programs of translation pages, numbered from 0.
  class Flash {
   public:
    virtual void ReadTranslationPage(uint32_t number, Tick now) = 0;
    virtual void ProgramTranslationPage(uint32_t number, Tick now) = 0;

   protected:
    ~Flash() = default;
  };

  struct Statistics {
    uint64_t hits = 0;
    uint64_t misses = 0;  // of which some join the read of another one
    uint64_t write_backs = 0;
  };

  // All outlive it.
  Translation(const SsdParameters& parameters, FlashOpPool& ops, Flash& flash);

  // Whether the entry for the operation's page is at hand. If not, the operation waits, and comes
  // out of OnRead.
  bool Find(OpId id, Tick now);
  // The entry has changed. It is brought into the cache if it is not there.
  void Changed(LogicalPage page, Tick now);

  // The read of a translation page has finished: the operations that waited for it. Their entries
  // are at hand now.
  FlashOpList OnRead(uint32_t number, Tick now);
  void OnProgrammed(uint32_t number) { --pages_[number].programs; }

  const Statistics& statistics() const { return statistics_; }

 private:
  struct Page {
    FlashOpList waiting;
    uint32_t written_back = 0;  // date
    uint16_t programs = 0;      // that wait or are under way: the page is in memory
    bool reading = false;
    bool merging = false;   // `reading` is for a write-back (too)
    bool deferred = false;  // in deferred_
  };

  Page& PageOf(LogicalPage page) { return pages_[page / entries_per_page_]; }
  void Reserve(LogicalPage page, Tick now);
  void Insert(LogicalPage page, Tick now);
  void WriteBack(uint32_t number, Tick now);
  void Defer(uint32_t number, Tick now);

  const uint32_t entries_per_page_;
  const uint32_t max_deferred_;
  FlashOpPool& ops_;
  Flash& flash_;
  MappingCache cache_;
  std::vector<Page> pages_;
  std::vector<uint32_t> deferred_;  // ring: first in, first out
  size_t first_deferred_ = 0;
  size_t nr_deferred_ = 0;
  uint32_t date_ = 1;  // counts write-backs
  Statistics statistics_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_SSD_TRANSLATION_H_
