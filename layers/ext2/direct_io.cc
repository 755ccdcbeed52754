// Direct I/O: generic_file_direct_IO (mm/filemap.c) and fs/direct-io.c, Linux 2.6.11. How bios are
// made of what is mapped here is in direct_io.h.

#include <cerrno>

#include "layers/ext2/ext2.h"

namespace biotope {

namespace {

constexpr uint32_t Log2(uint32_t power_of_two) { return std::countr_zero(power_of_two); }

}  // namespace

// blockdev_direct_IO, direct_io_worker.
Co<int64_t> Ext2::GenericFileDirectIo(Context& context, ReadFile& call) {
  co_await Execute(context, costs_.generic_file_direct_IO);
  Ext2Inode& inode = static_cast<Ext2Inode&>(*call.inode);
  // Everything must be a multiple of the file system's block, or else of the hard sector.
  uint32_t unit = image_->block_size();
  const uint64_t misalignment = call.pos | call.count | call.buffer_misalignment;
  if (misalignment % unit != 0) unit = parameters_.hard_sector_size;
  if (misalignment % unit != 0) co_return -EINVAL;
  // The kernel would allocate blocks and wait for this write even if it is asynchronous.
  if (call.write && call.pos + call.count > inode.size) co_return -ENOSPC;

  Dio& dio = NewDio(context, call, Log2(unit));
  int error = co_await DirectIoPages(dio);
  dio.assembler.Flush();
  co_await SubmitReady(dio);
  if (call.write && inode.mapping.nr_pages() > 0) {
    co_await InvalidateMapping(context, inode.mapping);  // generic_file_direct_IO
  }
  if (dio.iocb != nullptr && error == 0) co_return co_await LeaveToCompletion(context, dio);
  dio.iocb = nullptr;
  co_await AwaitCompletion(dio);
  if (error == 0) error = dio.error;
  uint64_t done = dio.done();
  free_dios_.push_back(&dio);
  if (error != 0) co_return error;
  if (!call.write) done = std::min(done, inode.size - call.pos);
  call.pos += done;
  co_return static_cast<int64_t>(done);
}

Ext2::Dio& Ext2::NewDio(Context& context, const ReadFile& call, uint32_t blkbits) {
  if (free_dios_.empty()) {
    free_dios_.push_back(dios_.emplace_back(std::make_unique<Dio>()).get());
  }
  Dio& dio = *free_dios_.back();
  free_dios_.pop_back();
  const uint64_t first_offset = call.buffer_misalignment % kPageSize;
  const uint64_t pages = (first_offset + call.count + kPageSize - 1) / kPageSize;
  const uint32_t blkfactor = Log2(image_->block_size()) - blkbits;
  dio = {};
  dio.context = &context;
  dio.inode = static_cast<const Ext2Inode*>(call.inode);
  dio.write = call.write;
  dio.iocb = call.iocb;
  dio.blkbits = blkbits;
  dio.blkfactor = blkfactor;
  dio.first_block = dio.block = call.pos >> blkbits;
  dio.final_block = (call.pos + call.count) >> blkbits;
  dio.first_page_offset = first_offset;
  const uint64_t mapped = std::min(call.buffer_bytes, call.count);
  dio.mapped_pages = mapped == 0 ? 0 : (first_offset + mapped + kPageSize - 1) / kPageSize;
  // Blocks smaller than the file system's may need two more pages, to be zeroed.
  dio.assembler = DioAssembler(blkbits, pages + (blkfactor != 0 ? 2 : 0),
                               {parameters_.max_bio_vecs, parameters_.max_bio_sectors});
  return dio;
}

// What is left of direct_io_worker for an asynchronous I/O: the last to finish one of its parts,
// this function included, completes it (finished_one_bio); then the queue is unplugged, for each
// iocb anew. The result is not cut at the end of the file.
Co<int64_t> Ext2::LeaveToCompletion(Context& context, Dio& dio) {
  dio.submitted = true;
  if (dio.in_flight == 0) {
    // All bios have ended already, or there were only holes.
    const int64_t result = dio.error != 0 ? dio.error : static_cast<int64_t>(dio.done());
    free_dios_.push_back(&dio);
    co_return result;
  }
  UnplugQueue unplug;
  co_await Ask(block_.unplug, unplug, context);
  co_return -kEiocbqueued;
}

Co<> Ext2::InvalidateMapping(Context& context, AddressSpace& mapping) {
  InvalidatePages invalidate;
  invalidate.mapping = &mapping;
  invalidate.start = PageIndex(0);
  invalidate.count = UINT64_MAX;
  co_await Ask(page_cache_.invalidate, invalidate, context);
}

// do_direct_IO: walks the user pages and the file, and maps one piece after the other.
Co<int> Ext2::DirectIoPages(Dio& dio) {
  const uint64_t blocks_at_eof = dio.inode->size >> dio.blkbits;
  BlockResult mapped;
  uint64_t available = 0;  // blocks that `mapped` still covers
  uint64_t disk_block = 0;
  while (dio.block < dio.final_block) {
    const uint64_t byte = dio.first_page_offset + ((dio.block - dio.first_block) << dio.blkbits);
    if (byte / kPageSize >= dio.mapped_pages) co_return -EFAULT;  // get_user_pages
    if (available == 0) {
      mapped = co_await GetBlock(*dio.context, *dio.inode, BlockNr(dio.block >> dio.blkfactor));
      if (mapped.error != 0) co_return mapped.error;
      const uint64_t inside = dio.block & ((uint64_t{1} << dio.blkfactor) - 1);
      available = (uint64_t{1} << dio.blkfactor) - inside;
      disk_block = (mapped.physical.value() << dio.blkfactor) + inside;
    }
    if (mapped.physical == BlockNr(0)) {
      // The kernel would leave this to the page cache.
      if (dio.write) co_return -ENOSPC;
      // A hole reads as zeros; behind the end of the file there is nothing to read.
      if (dio.block >= blocks_at_eof) co_return 0;
      available = 0;
      ++dio.block;
      continue;
    }
    const uint32_t offset = static_cast<uint32_t>(byte % kPageSize);
    const uint64_t blocks = std::min(
        {available, uint64_t{kPageSize - offset} >> dio.blkbits, dio.final_block - dio.block});
    co_await Execute(*dio.context, costs_.dio_bio_add_page);
    dio.assembler.Add({.page = byte / kPageSize,
                       .offset = offset,
                       .length = static_cast<uint32_t>(blocks << dio.blkbits),
                       .block = disk_block},
                      mapped.boundary);
    co_await SubmitReady(dio);
    disk_block += blocks;
    dio.block += blocks;
    available -= blocks;
  }
  co_return 0;
}

// dio_bio_submit, for every bio that is complete.
Co<> Ext2::SubmitReady(Dio& dio) {
  while (const std::optional<DioAssembler::Bio> ready = dio.assembler.TakeReady()) {
    if (free_dio_bios_.empty()) {
      free_dio_bios_.push_back(dio_bios_.emplace_back(std::make_unique<DioBio>()).get());
    }
    DioBio& bio = *free_dio_bios_.back();
    free_dio_bios_.pop_back();
    InitBio(bio, *dio.context, Sector((ready->block << dio.blkbits) / kSectorSize),
            ready->length / kSectorSize, ready->pieces);
    bio.write = dio.write;
    bio.syncwrite = dio.write;
    bio.end_io = &dio_end_;
    bio.dio = &dio;
    ++dio.in_flight;
    SubmitBio submit;
    submit.bio = &bio;
    co_await Ask(block_.submit_bio, submit, *dio.context);
  }
}

// dio_await_completion.
Co<> Ext2::AwaitCompletion(Dio& dio) {
  while (dio.in_flight > 0) {
    UnplugQueue unplug;
    co_await Ask(block_.unplug, unplug, *dio.context);
    if (dio.in_flight == 0) break;
    dio.waiter = dio.context;
    co_await SleepIn(*dio.context, {"direct I/O on inode", dio.inode->ino});
    dio.waiter = nullptr;
  }
}

// dio_bio_end_io, dio_bio_end_aio.
Handler Ext2::OnDioEnd(EndBio& call) {
  DioBio& bio = static_cast<DioBio&>(*call.bio);
  Dio& dio = *bio.dio;
  if (bio.error != 0) dio.error = -EIO;
  const uint64_t id = bio.id;
  free_dio_bios_.push_back(&bio);
  if (--dio.in_flight == 0) {
    if (dio.waiter != nullptr) {
      dio.waiter->core().Wake(*dio.waiter, id);
    } else if (dio.iocb != nullptr && dio.submitted) {
      EndKiocb end;
      end.iocb = dio.iocb;
      end.result = dio.error != 0 ? dio.error : static_cast<int64_t>(dio.done());
      end.bio = id;
      free_dios_.push_back(&dio);
      co_await Ask(*end.iocb->end, end, *call.context);
    }
  }
  Reply(call);
}

}  // namespace biotope
