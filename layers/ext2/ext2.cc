#include "layers/ext2/ext2.h"

#include <cerrno>
#include <utility>

#include "sim/core/check.h"
#include "sim/core/error.h"

namespace biotope {

Ext2::Costs::Costs(const CostTable& costs)
    : ext2_lookup(costs.Get("ext2_lookup")),
      ext2_read_inode(costs.Get("ext2_read_inode")),
      generic_file_read(costs.Get("generic_file_read")),
      do_generic_mapping_read(costs.Get("do_generic_mapping_read")),
      generic_file_direct_IO(costs.Get("generic_file_direct_IO")),
      dio_bio_add_page(costs.Get("dio_bio_add_page")),
      ext2_get_block(costs.Get("ext2_get_block")),
      sb_bread(costs.Get("sb_bread")),
      copy_to_user(costs.Get("copy_to_user")),
      filemap_nopage(costs.Get("filemap_nopage")) {}

Ext2::Ext2(Engine& engine, const CostTable& costs, const Parameters& parameters,
           std::unique_ptr<Image> image, BioIds& bio_ids)
    : LayerActor(engine, Layer::kExt2, "ext2"),
      costs_(costs),
      parameters_(parameters),
      image_(std::move(image)),
      bio_ids_(bio_ids),
      buffer_end_(PortOf<&Ext2::OnBufferEnd>(*this)),
      dio_end_(PortOf<&Ext2::OnDioEnd>(*this)) {}

Ext2Ports Ext2::ports() {
  return {PortOf<&Ext2::OnMount>(*this),      PortOf<&Ext2::OnLookup>(*this),
          PortOf<&Ext2::OnFollowLink>(*this), PortOf<&Ext2::OnRead>(*this),
          PortOf<&Ext2::OnAdvise>(*this),     PortOf<&Ext2::OnFault>(*this),
          PortOf<&Ext2::OnUnmap>(*this)};
}

void Ext2::InitBio(Bio& bio, const Context& context, Sector sector, uint32_t nr_sectors,
                   uint32_t nr_segments) {
  bio.id = bio_ids_.Next();
  bio.call = context.call();
  bio.task = context.task();
  bio.sector = sector;
  bio.nr_sectors = nr_sectors;
  bio.nr_segments = nr_segments;
  bio.error = 0;
}

// -- The buffer cache (fs/buffer.c)

// sb_bread of a block: 0, or -EIO.
Co<int> Ext2::SbBread(Context& context, BlockNr block) {
  co_await Execute(context, costs_.sb_bread);
  co_return co_await ReadBuffer(context, SectorOf(block), image_->block_size() / kSectorSize);
}

Co<int> Ext2::ReadBuffer(Context& context, Sector sector, uint32_t nr_sectors) {
  // Mount reads the superblock in two sizes, so the size belongs to the key.
  const uint64_t key = sector.value() * (kSectorsPerPage + 1) + nr_sectors;
  const auto [found, inserted] = buffers_.try_emplace(key);
  Buffer& buffer = found->second;
  if (inserted || buffer.state == Buffer::State::kError) {
    buffer.state = Buffer::State::kReading;
    InitBio(buffer, context, sector, nr_sectors, 1);
    buffer.meta = true;
    buffer.end_io = &buffer_end_;
    SubmitBio submit;
    submit.bio = &buffer;
    co_await Ask(block_.submit_bio, submit, context);
  }
  // wait_on_buffer, which calls sync_buffer before it sleeps.
  while (buffer.state == Buffer::State::kReading) {
    UnplugQueue unplug;
    co_await Ask(block_.unplug, unplug, context);
    if (buffer.state != Buffer::State::kReading) break;
    Buffer::Waiter waiter{&context, buffer.waiters};
    buffer.waiters = &waiter;
    co_await SleepIn(context, {"the buffer of sector", sector.value()});
  }
  co_return buffer.state == Buffer::State::kUptodate ? 0 : -EIO;
}

// end_buffer_read_sync.
void Ext2::OnBufferEnd(EndBio& call) {
  Buffer& buffer = static_cast<Buffer&>(*call.bio);
  buffer.state = buffer.error == 0 ? Buffer::State::kUptodate : Buffer::State::kError;
  while (buffer.waiters != nullptr) {
    Context& context = *buffer.waiters->context;
    buffer.waiters = buffer.waiters->next;
    context.core().Wake(context, buffer.id);
  }
  Reply(call);
}

// -- Block map (fs/ext2/inode.c)

// ext2_get_block, without create.
Co<Ext2::BlockResult> Ext2::GetBlock(Context& context, const Ext2Inode& inode, BlockNr logical) {
  co_await Execute(context, costs_.ext2_get_block);
  const BlockPath path = BlockToPath(logical, image_->pointers_per_block());
  BlockResult result;
  if (path.depth == 0) {
    result.error = -EIO;
    co_return result;
  }
  // ext2_get_branch
  BlockNr block(inode.disk.block[path.offsets[0]]);
  for (uint32_t level = 1; level < path.depth && block != BlockNr(0); ++level) {
    result.error = co_await SbBread(context, block);
    if (result.error != 0) co_return result;
    std::string problem;
    if (!image_->ReadPointer(block, path.offsets[level], &block, &problem)) {
      NoteDamage(problem);
      result.error = -EIO;
      co_return result;
    }
  }
  if (block != BlockNr(0) && !image_->Contains(block)) {
    NoteDamage(fmt::format(
        "{}: inode {}: block {} of the file lies at block {}, beyond the file "
        "system's {} blocks",
        image_->name(), inode.ino, logical.value(), block.value(), image_->blocks_count().value()));
    result.error = -EIO;
    co_return result;
  }
  result.physical = block;
  result.boundary = path.boundary && block != BlockNr(0);
  co_return result;
}

Handler Ext2::OnMapBlock(MapBlock& call) {
  const Ext2Inode& inode = *inodes_.at(static_cast<uint32_t>(call.mapping->inode_number()));
  const BlockResult result = co_await GetBlock(*call.context, inode, call.logical);
  call.physical = result.physical;
  call.boundary = result.boundary;
  call.error = result.error;
  Reply(call);
}

// -- Mount and inodes

// ext2_fill_super.
Handler Ext2::OnMount(MountFs& call) {
  Context& context = *call.context;
  for (const MountRead& read : image_->MountReads()) {
    call.error = co_await ReadBuffer(context, Sector(read.offset.value() / kSectorSize),
                                     static_cast<uint32_t>(read.length.value() / kSectorSize));
    if (call.error != 0) break;
  }
  if (call.error == 0) call.root = co_await Iget(context, kRootInode, &call.error);
  Reply(call);
}

// iget and ext2_read_inode.
Co<VfsInode*> Ext2::Iget(Context& context, uint32_t ino, int* error) {
  const auto found = inodes_.find(ino);
  if (found != inodes_.end()) co_return found->second.get();
  co_await Execute(context, costs_.ext2_read_inode);
  *error = co_await SbBread(context, image_->InodeTableBlock(ino));
  if (*error != 0) co_return nullptr;
  // Another task may have read it while this one slept.
  const auto inserted = inodes_.find(ino);
  if (inserted != inodes_.end()) co_return inserted->second.get();
  try {
    auto inode = std::make_unique<Ext2Inode>(tree_nodes_, ino, image_->ReadInode(ino));
    inode->ino = ino;
    inode->type = inode->disk.type;
    inode->size = inode->disk.size.value();
    inode->max_bytes = image_->MaxFileSize().value();
    co_return (inodes_[ino] = std::move(inode)).get();
  } catch (const ScenarioError& damage) {
    NoteDamage(damage.what());
    *error = -EIO;
  }
  co_return nullptr;
}

// -- Directories and links

// ext2_lookup. ext2_find_entry goes through the directory's pages in the page cache.
Handler Ext2::OnLookup(LookupName& call) {
  Context& context = *call.context;
  Ext2Inode& directory = static_cast<Ext2Inode&>(*call.directory);
  co_await Execute(context, costs_.ext2_lookup);
  const uint64_t pages = (directory.size + kPageSize - 1) / kPageSize;
  // It begins where the last name was found, and wraps.
  const uint64_t first = directory.dir_start_lookup < pages ? directory.dir_start_lookup : 0;
  for (uint64_t i = 0; i < pages && call.error == 0; ++i) {
    const uint64_t page = (first + i) % pages;
    call.error = co_await ReadDirectoryPage(context, directory, PageIndex(page));
    if (call.error != 0) break;
    std::string problem;
    uint32_t ino = 0;
    if (!image_->FindEntry(directory.disk, PageIndex(page), call.name, &ino, &problem)) {
      NoteDamage(problem);
      call.error = -EIO;
    } else if (ino != 0) {
      directory.dir_start_lookup = page;
      call.inode = co_await Iget(context, ino, &call.error);
      break;
    }
  }
  Reply(call);
}

// ext2_get_page: read_cache_page, without readahead.
Co<int> Ext2::ReadDirectoryPage(Context& context, Ext2Inode& directory, PageIndex index) {
  FindGetPage find;
  find.mapping = &directory.mapping;
  find.index = index;
  find.mark_accessed = true;
  co_await Ask(page_cache_.find_get_page, find, context);
  Page* page = find.page;
  if (page == nullptr || !page->uptodate) {
    const int error = co_await MakePageUptodate(context, directory.mapping, index, true, &page);
    if (error != 0) co_return error;
  }
  co_await ReleasePage(context, page);
  co_return 0;
}

// ext2_follow_link for a short link, page_follow_link for one in a block of its own.
Handler Ext2::OnFollowLink(FollowLink& call) {
  Ext2Inode& inode = static_cast<Ext2Inode&>(*call.inode);
  if (!inode.disk.fast_symlink) {
    call.error = co_await ReadDirectoryPage(*call.context, inode, PageIndex(0));
  }
  if (call.error == 0) {
    try {
      call.target = image_->ReadLink(inode.disk);
    } catch (const ScenarioError& damage) {
      NoteDamage(damage.what());
      call.error = -EIO;
    }
  }
  Reply(call);
}

Handler Ext2::OnAdvise(AdviseFile& call) {
  Ext2Inode& inode = static_cast<Ext2Inode&>(*call.inode);
  const uint64_t end = call.length == 0 ? inode.size : call.offset + call.length;
  if (call.advice == AdviseFile::Advice::kWillNeed) {
    ForceReadahead force;
    force.mapping = &inode.mapping;
    force.start = PageIndex(call.offset / kPageSize);
    force.count = (end + kPageSize - 1) / kPageSize - call.offset / kPageSize;
    co_await Ask(page_cache_.force_readahead, force, *call.context);
  } else {
    InvalidatePages invalidate;
    invalidate.mapping = &inode.mapping;
    // Only pages that lie in the range as a whole.
    invalidate.start = PageIndex((call.offset + kPageSize - 1) / kPageSize);
    const uint64_t end_page = call.length == 0 ? UINT64_MAX : end / kPageSize;
    invalidate.count =
        end_page > invalidate.start.value() ? end_page - invalidate.start.value() : 0;
    co_await Ask(page_cache_.invalidate, invalidate, *call.context);
  }
  Reply(call);
}

}  // namespace biotope
