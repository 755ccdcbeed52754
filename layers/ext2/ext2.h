#ifndef BIOTOPE_LAYERS_EXT2_EXT2_H_
#define BIOTOPE_LAYERS_EXT2_EXT2_H_

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "layers/block/bio_ids.h"
#include "layers/block/messages.h"
#include "layers/ext2/block_path.h"
#include "layers/ext2/direct_io.h"
#include "layers/ext2/image.h"
#include "layers/ext2/messages.h"
#include "layers/page_cache/messages.h"
#include "sim/cpu/cost_table.h"
#include "sim/cpu/layer_actor.h"

namespace biotope {

// An inode of ext2 in memory.
struct Ext2Inode : VfsInode {
  Ext2Inode(RadixTree::NodePool& nodes, uint32_t number, const Inode& inode)
      : disk(inode), mapping(nodes, number, inode.size) {}
  Inode disk;                     // as it lies in the inode table
  AddressSpace mapping;           // its pages
  uint64_t dir_start_lookup = 0;  // i_dir_start_lookup: where the last name was found
};

// Models: fs/ext2 ext2_fill_super, ext2_lookup, ext2_find_entry, ext2_read_inode, ext2_get_block;
// fs/buffer.c sb_bread (Linux 2.6.11), and the functions of mm/filemap.c and fs/direct-io.c through
// which ext2 reads files: generic_file_read, __generic_file_aio_read, do_generic_file_read,
// do_generic_mapping_read, generic_file_direct_IO, filemap_nopage.
// Left out on purpose: writing except in place (O_DIRECT), access times (noatime), extended
// attributes.
//
// What is on the disk comes from an image; reading it costs simulated I/O the first time.
class Ext2 : public LayerActor {
 public:
  struct Parameters {
    uint32_t max_bio_vecs = 0;     // bio_get_nr_vecs of the queue
    uint32_t max_bio_sectors = 0;  // q->max_sectors
    uint32_t hard_sector_size = 512;
  };

  Ext2(Engine& engine, const CostTable& costs, const Parameters& parameters,
       std::unique_ptr<Image> image, BioIds& bio_ids);

  Ext2Ports ports();
  // What the page cache uses.
  Port<MapBlock> map_block_port() { return PortOf<&Ext2::OnMapBlock>(*this); }
  void Connect(const PageCachePorts& page_cache, const BlockPorts& block) {
    page_cache_ = page_cache;
    block_ = block;
  }

  // The first thing that was wrong with the image while it was read, empty if nothing was. The
  // processes have seen EIO.
  const std::string& damage() const { return damage_; }

 private:
  struct Costs {
    explicit Costs(const CostTable& costs);
    FunctionCost ext2_lookup, ext2_read_inode, generic_file_read, do_generic_mapping_read,
        generic_file_direct_IO, dio_bio_add_page, ext2_get_block, sb_bread, copy_to_user,
        filemap_nopage;
  };
  // A block of the buffer cache.
  struct Buffer : Bio {
    enum class State : uint8_t { kReading, kUptodate, kError };
    State state = State::kReading;
    struct Waiter {
      Context* context;
      Waiter* next;
    };
    Waiter* waiters = nullptr;
  };
  // One O_DIRECT transfer (struct dio).
  struct Dio {
    Context* context = nullptr;  // of its submitter
    const Ext2Inode* inode = nullptr;
    Kiocb* iocb = nullptr;  // asynchronous: whose end it is
    bool write = false;
    bool submitted = false;  // asynchronous: all bios are on their way
    uint32_t blkbits = 0;    // unit of all block numbers here: the file system's block, or a sector
    uint32_t blkfactor = 0;  // file-system block bits - blkbits
    uint64_t first_block = 0;
    uint64_t block = 0;  // next block of the file
    uint64_t final_block = 0;
    uint64_t first_page_offset = 0;  // of the buffer in its first page, bytes
    uint64_t mapped_pages = 0;       // of the buffer; behind them it faults
    DioAssembler assembler;
    uint32_t in_flight = 0;
    Context* waiter = nullptr;
    int error = 0;

    uint64_t done() const { return (block - first_block) << blkbits; }  // bytes
  };
  struct DioBio : Bio {
    Dio* dio = nullptr;
  };
  struct BlockResult {
    BlockNr physical;
    bool boundary = false;
    int error = 0;
  };

  Handler OnMount(MountFs& call);
  Handler OnLookup(LookupName& call);
  Handler OnFollowLink(FollowLink& call);
  Handler OnRead(ReadFile& call);
  Handler OnAdvise(AdviseFile& call);
  Handler OnFault(FaultPage& call);
  Handler OnUnmap(UnmapPage& call);
  Handler OnMapBlock(MapBlock& call);
  void OnBufferEnd(EndBio& call);
  Handler OnDioEnd(EndBio& call);

  // fs/buffer.c and fs/ext2/inode.c: metadata.
  Co<int> SbBread(Context& context, BlockNr block);
  Co<int> ReadBuffer(Context& context, Sector sector, uint32_t nr_sectors);
  Co<BlockResult> GetBlock(Context& context, const Ext2Inode& inode, BlockNr logical);
  Co<VfsInode*> Iget(Context& context, uint32_t ino, int* error);
  Co<int> ReadDirectoryPage(Context& context, Ext2Inode& directory, PageIndex page);

  // mm/filemap.c: file data.
  Co<int64_t> GenericFileRead(Context& context, ReadFile& call);
  Co<int64_t> GenericFileAioRead(Context& context, ReadFile& call);
  Co<int64_t> DoGenericFileRead(Context& context, ReadFile& call);
  Co<int64_t> DoGenericMappingRead(Context& context, ReadFile& call);
  Co<int> MakePageUptodate(Context& context, AddressSpace& mapping, PageIndex index,
                           bool mark_accessed, Page** page);
  Co<> ReleasePage(Context& context, Page* page);

  // fs/direct-io.c.
  Co<int64_t> GenericFileDirectIo(Context& context, ReadFile& call);
  Dio& NewDio(Context& context, const ReadFile& call, uint32_t blkbits);
  Co<int64_t> LeaveToCompletion(Context& context, Dio& dio);
  Co<> InvalidateMapping(Context& context, AddressSpace& mapping);
  Co<int> DirectIoPages(Dio& dio);
  Co<> SubmitReady(Dio& dio);
  Co<> AwaitCompletion(Dio& dio);

  void InitBio(Bio& bio, const Context& context, Sector sector, uint32_t nr_sectors,
               uint32_t nr_segments);
  Sector SectorOf(BlockNr block) const {
    return Sector(block.value() * (image_->block_size() / kSectorSize));
  }
  void NoteDamage(const std::string& what) {
    if (damage_.empty()) damage_ = what;
  }

  const Costs costs_;
  const Parameters parameters_;
  const std::unique_ptr<Image> image_;
  BioIds& bio_ids_;
  PageCachePorts page_cache_;
  BlockPorts block_;
  RadixTree::NodePool tree_nodes_;
  const Port<EndBio> buffer_end_;
  const Port<EndBio> dio_end_;

  std::map<uint64_t, Buffer> buffers_;  // the block device's page cache, by first sector
  std::map<uint32_t, std::unique_ptr<Ext2Inode>> inodes_;
  std::vector<std::unique_ptr<DioBio>> dio_bios_;  // all ever made
  std::vector<DioBio*> free_dio_bios_;
  std::vector<std::unique_ptr<Dio>> dios_;  // all ever made
  std::vector<Dio*> free_dios_;
  std::string damage_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_EXT2_EXT2_H_
