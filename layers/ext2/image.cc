#include "layers/ext2/image.h"

extern "C" {
#include <et/com_err.h>
}
#include <ext2fs/ext2fs.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "sim/core/check.h"
#include "sim/core/error.h"

namespace biotope {
namespace {

constexpr size_t kCacheBlocksMax = 65536;  // 256 MiB of 4 KiB blocks

// What ext2 of Linux 2.6 can mount read-only (fs/ext2/ext2.h, EXT2_FEATURE_*_SUPP). A journal does
// not disturb it as long as nothing in it has to be replayed.
constexpr uint32_t kIncompatKnown = EXT2_FEATURE_INCOMPAT_FILETYPE | EXT2_FEATURE_INCOMPAT_META_BG;

// The names of the features that ext2 does not know, as mke2fs and tune2fs spell them.
struct FeatureName {
  uint32_t bit;
  const char* name;
};
constexpr FeatureName kIncompatNames[] = {
    {EXT2_FEATURE_INCOMPAT_COMPRESSION, "compression"},
    {EXT3_FEATURE_INCOMPAT_RECOVER, "needs_recovery (its journal must be replayed first)"},
    {EXT3_FEATURE_INCOMPAT_JOURNAL_DEV, "journal_dev"},
    {EXT3_FEATURE_INCOMPAT_EXTENTS, "extent"},
    {EXT4_FEATURE_INCOMPAT_64BIT, "64bit"},
    {EXT4_FEATURE_INCOMPAT_MMP, "mmp"},
    {EXT4_FEATURE_INCOMPAT_FLEX_BG, "flex_bg"},
    {EXT4_FEATURE_INCOMPAT_EA_INODE, "ea_inode"},
    {EXT4_FEATURE_INCOMPAT_DIRDATA, "dirdata"},
    {EXT4_FEATURE_INCOMPAT_CSUM_SEED, "metadata_csum_seed"},
    {EXT4_FEATURE_INCOMPAT_LARGEDIR, "large_dir"},
    {EXT4_FEATURE_INCOMPAT_INLINE_DATA, "inline_data"},
    {EXT4_FEATURE_INCOMPAT_ENCRYPT, "encrypt"},
    {EXT4_FEATURE_INCOMPAT_CASEFOLD, "casefold"},
};

std::string FeatureNames(uint32_t mask) {
  std::string names;
  for (const FeatureName& feature : kIncompatNames) {
    if ((mask & feature.bit) == 0) continue;
    names += (names.empty() ? "" : ", ") + std::string(feature.name);
    mask &= ~feature.bit;
  }
  if (mask != 0) names += fmt::format("{}{:#x}", names.empty() ? "" : ", ", mask);
  return names;
}

VfsInode::Type TypeOf(uint16_t mode) {
  if (LINUX_S_ISREG(mode)) return VfsInode::Type::kRegular;
  if (LINUX_S_ISDIR(mode)) return VfsInode::Type::kDirectory;
  if (LINUX_S_ISLNK(mode)) return VfsInode::Type::kSymlink;
  return VfsInode::Type::kOther;
}

uint32_t Little32(const std::byte* bytes) {
  uint32_t value;
  std::memcpy(&value, bytes, sizeof value);
  return ext2fs_le32_to_cpu(value);
}

uint32_t Little16(const std::byte* bytes) {
  uint16_t value;
  std::memcpy(&value, bytes, sizeof value);
  return ext2fs_le16_to_cpu(value);
}

}  // namespace

// What must hold before libext2fs may look at the image: it sizes its tables by these numbers.
void Image::CheckSuperblock(const std::string& path, uint64_t file_size) const {
  std::array<std::byte, 1024> super{};
  std::ifstream file(path, std::ios::binary);
  if (!file) throw EnvironmentError(fmt::format("{}: {}", name_, std::strerror(errno)));
  file.seekg(1024);
  file.read(reinterpret_cast<char*>(super.data()), super.size());
  if (file.gcount() != static_cast<std::streamsize>(super.size())) {
    Damaged(fmt::format("this is no ext2 file system: the file has only {} bytes", file_size));
  }
  if (Little16(&super[56]) != EXT2_SUPER_MAGIC) {
    Damaged(
        fmt::format("this is no ext2 file system: the magic number at byte 1080 is {:#06x}, "
                    "not 0xef53",
                    Little16(&super[56])));
  }
  const uint32_t unknown = Little32(&super[96]) & ~kIncompatKnown;
  if (unknown != 0) {
    Damaged(fmt::format("ext2 cannot mount a file system with the feature(s) {}",
                        FeatureNames(unknown)));
  }
  const uint32_t log_block_size = Little32(&super[24]);
  if (log_block_size > 2) {
    Damaged(fmt::format("s_log_block_size is {}; ext2 reads blocks of 1, 2 and 4 KiB (0 to 2)",
                        log_block_size));
  }
  const uint64_t bytes = uint64_t{Little32(&super[4])} << (10 + log_block_size);
  if (bytes > file_size) {
    Damaged(fmt::format("the file has {} bytes, but the file system in it {}", file_size, bytes));
  }
  if (Little32(&super[32]) < 256 || Little32(&super[40]) == 0) {
    Damaged(fmt::format("s_blocks_per_group is {}, s_inodes_per_group {}", Little32(&super[32]),
                        Little32(&super[40])));
  }
}

struct Image::FileSystem {
  ext2_filsys fs = nullptr;
  ~FileSystem() {
    if (fs != nullptr) ext2fs_free(fs);  // free, not close: close would want to write
  }
};

void Image::Damaged(const std::string& what) const {
  throw ScenarioError(
      fmt::format("{}: {}; run `e2fsck -fn` on it, or make a new image with mke2fs", name_, what));
}

Image::Image(const std::string& path, std::string name)
    : name_(std::move(name)), fs_(std::make_unique<FileSystem>()) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    throw EnvironmentError(fmt::format("{}: {}", name_, std::strerror(errno)));
  }
  if (!S_ISREG(status.st_mode) && !S_ISBLK(status.st_mode)) {
    throw EnvironmentError(fmt::format("{}: is neither a file nor a block device", name_));
  }
  if (S_ISREG(status.st_mode)) CheckSuperblock(path, static_cast<uint64_t>(status.st_size));
  initialize_ext2_error_table();  // the texts of error_message
  const errcode_t error = ext2fs_open(path.c_str(), EXT2_FLAG_64BITS | EXT2_FLAG_IGNORE_CSUM_ERRORS,
                                      0, 0, unix_io_manager, &fs_->fs);
  if (error == EACCES || error == EPERM || error == EIO) {
    throw EnvironmentError(fmt::format("{}: {}", name_, error_message(error)));
  }
  if (error != 0) Damaged(fmt::format("this is no ext2 file system ({})", error_message(error)));
  block_size_ = fs_->fs->blocksize;
  blocks_count_ = BlockNr(ext2fs_blocks_count(fs_->fs->super));
  first_data_block_ = BlockNr(fs_->fs->super->s_first_data_block);
  CheckGeometry();
}

Image::~Image() = default;
Image::Image(Image&&) noexcept = default;

void Image::CheckGeometry() {
  const ext2_super_block& super = *fs_->fs->super;
  if (block_size_ < 1024 || block_size_ > kPageSize) {
    Damaged(fmt::format("its block size of {} bytes is larger than a page", block_size_));
  }
  if (super.s_first_data_block != (block_size_ == 1024 ? 1u : 0u)) {
    Damaged(fmt::format("s_first_data_block is {}", super.s_first_data_block));
  }
  const uint32_t inode_size = EXT2_INODE_SIZE(&super);
  if (inode_size < 128 || inode_size > block_size_ || (inode_size & (inode_size - 1)) != 0) {
    Damaged(fmt::format("s_inode_size is {}", inode_size));
  }
  if (super.s_inodes_per_group == 0 || super.s_inodes_per_group > block_size_ * 8 ||
      super.s_inodes_count < EXT2_FIRST_INODE(&super)) {
    Damaged(fmt::format("s_inodes_per_group is {}, s_inodes_count {}", super.s_inodes_per_group,
                        super.s_inodes_count));
  }
  const uint64_t groups = fs_->fs->group_desc_count;
  if (super.s_inodes_count > groups * super.s_inodes_per_group) {
    Damaged(fmt::format("s_inodes_count is {}, but {} groups hold only {}", super.s_inodes_count,
                        groups, groups * super.s_inodes_per_group));
  }
  const uint64_t table_blocks = fs_->fs->inode_blocks_per_group;
  for (dgrp_t group = 0; group < groups; ++group) {
    const uint64_t table = ext2fs_inode_table_loc(fs_->fs, group);
    if (table < first_data_block_.value() || table + table_blocks > blocks_count_.value()) {
      Damaged(
          fmt::format("the inode table of group {} begins at block {}, outside of the file "
                      "system's {} blocks",
                      group, table, blocks_count_.value()));
    }
  }
}

Bytes Image::MaxFileSize() const {
  // ext2_max_size: the block map, or 2^32 sectors in i_blocks, whichever is less.
  const uint64_t map = MaxMappableBlocks(pointers_per_block()) * block_size_;
  return Bytes(std::min(map, uint64_t{0xffffffff} * kSectorSize));
}

std::vector<MountRead> Image::MountReads() const {
  constexpr uint64_t kSuperOffset = 1024;
  std::vector<MountRead> reads = {{Bytes(kSuperOffset), Bytes(1024)}};
  if (block_size_ != 1024) reads.push_back({Bytes(0), Bytes(block_size_)});
  for (blk64_t i = 0; i < fs_->fs->desc_blocks; ++i) {
    const uint64_t block =
        ext2fs_descriptor_block_loc2(fs_->fs, first_data_block_.value(), static_cast<dgrp_t>(i));
    if (block < blocks_count_.value()) {
      reads.push_back({Bytes(block * block_size_), Bytes(block_size_)});
    }
  }
  return reads;
}

bool Image::IsInode(uint32_t ino) const {
  const ext2_super_block& super = *fs_->fs->super;
  return ino <= super.s_inodes_count &&
         (ino == kRootInode || ino >= static_cast<uint32_t>(EXT2_FIRST_INODE(&super)));
}

BlockNr Image::InodeTableBlock(uint32_t ino) const {
  BIOTOPE_CHECK(IsInode(ino), "inode {} of {}", ino, name_);
  const ext2_super_block& super = *fs_->fs->super;
  const uint32_t group = (ino - 1) / super.s_inodes_per_group;
  const uint64_t offset = uint64_t{(ino - 1) % super.s_inodes_per_group} * EXT2_INODE_SIZE(&super);
  return BlockNr(ext2fs_inode_table_loc(fs_->fs, group) + offset / block_size_);
}

Inode Image::ReadInode(uint32_t ino) const {
  if (!IsInode(ino)) {
    Damaged(
        fmt::format("inode {} does not exist (there are {})", ino, fs_->fs->super->s_inodes_count));
  }
  ext2_inode raw{};
  const errcode_t error = ext2fs_read_inode(fs_->fs, ino, &raw);
  if (error != 0) Damaged(fmt::format("inode {}: {}", ino, error_message(error)));
  Inode inode;
  inode.ino = ino;
  inode.type = TypeOf(raw.i_mode);
  inode.size = Bytes(raw.i_size);
  if (inode.type == VfsInode::Type::kRegular) inode.size = Bytes(EXT2_I_SIZE(&raw));
  if (raw.i_links_count == 0)
    Damaged(fmt::format("inode {}: a name leads to it, but it is free", ino));
  if ((raw.i_flags & EXT4_EXTENTS_FL) != 0) Damaged(fmt::format("inode {}: it has extents", ino));
  if (inode.size > MaxFileSize()) {
    Damaged(fmt::format("inode {}: its size of {} bytes is larger than a file can be", ino,
                        inode.size.value()));
  }
  std::copy_n(raw.i_block, kBlockPointers, inode.block.begin());
  if (inode.type == VfsInode::Type::kSymlink) {
    inode.fast_symlink = ext2fs_is_fast_symlink(&raw) != 0;
    if (inode.size.value() >= (inode.fast_symlink ? sizeof raw.i_block : block_size_)) {
      Damaged(fmt::format("inode {}: a symbolic link of {} bytes", ino, inode.size.value()));
    }
    if (inode.fast_symlink) {
      inode.symlink_target.assign(reinterpret_cast<const char*>(raw.i_block), inode.size.value());
    }
  }
  return inode;
}

// -- Blocks

const std::vector<std::byte>& Image::ReadBlock(BlockNr block) {
  BIOTOPE_CHECK(block < blocks_count_, "block {} of {}", block.value(), name_);
  const auto found = cache_.find(block.value());
  if (found != cache_.end()) return found->second;
  if (cache_.size() >= kCacheBlocksMax) cache_.clear();
  std::vector<std::byte> contents(block_size_);
  const errcode_t error = io_channel_read_blk64(fs_->fs->io, block.value(), 1, contents.data());
  if (error != 0) Damaged(fmt::format("block {}: {}", block.value(), error_message(error)));
  return cache_.emplace(block.value(), std::move(contents)).first->second;
}

bool Image::ReadPointer(BlockNr indirect, uint32_t index, BlockNr* block, std::string* problem) {
  BIOTOPE_CHECK(index < pointers_per_block(), "pointer {} of an indirect block", index);
  *block = BlockNr(0);
  if (Contains(indirect)) {
    *block = BlockNr(Little32(&ReadBlock(indirect)[index * 4]));
    if (*block == BlockNr(0) || Contains(*block)) return true;
    *problem = fmt::format(
        "{}: entry {} of the indirect block {} points to block {}, outside of the "
        "file system's {} blocks",
        name_, index, indirect.value(), block->value(), blocks_count_.value());
  } else {
    *problem = fmt::format(
        "{}: an indirect block lies at block {}, outside of the file system's {} "
        "blocks",
        name_, indirect.value(), blocks_count_.value());
  }
  *block = BlockNr(0);
  return false;
}

BlockNr Image::MapBlock(const Inode& inode, BlockNr logical) {
  const BlockPath path = BlockToPath(logical, pointers_per_block());
  if (path.depth == 0) {
    Damaged(fmt::format("inode {}: no file has a block {}", inode.ino, logical.value()));
  }
  BlockNr block(inode.block[path.offsets[0]]);
  std::string problem;
  for (uint32_t level = 1; level < path.depth && block != BlockNr(0); ++level) {
    if (!ReadPointer(block, path.offsets[level], &block, &problem)) {
      throw ScenarioError(fmt::format("{} (inode {})", problem, inode.ino));
    }
  }
  if (block != BlockNr(0) && !Contains(block)) {
    Damaged(
        fmt::format("inode {}: its block {} lies at block {}, outside of the file system's {} "
                    "blocks",
                    inode.ino, logical.value(), block.value(), blocks_count_.value()));
  }
  return block;
}

std::byte Image::ReadByte(const Inode& inode, Bytes offset) {
  const BlockNr block = MapBlock(inode, BlockNr(offset.value() / block_size_));
  return block == BlockNr(0) ? std::byte(0) : ReadBlock(block)[offset.value() % block_size_];
}

void Image::CheckFile(const Inode& inode) {
  const uint64_t end = (inode.size.value() + block_size_ - 1) / block_size_;
  for (uint64_t block = 0; block < std::min<uint64_t>(end, kDirectBlocks); ++block) {
    MapBlock(inode, BlockNr(block));
  }
  uint64_t first = kDirectBlocks;
  for (uint32_t levels = 1; levels <= 3 && first < end; ++levels) {
    first =
        CheckSubtree(inode, BlockNr(inode.block[kDirectBlocks + levels - 1]), levels, first, end);
  }
}

// Checks the indirect block at `block` with everything below, which begins with block `first` of
// the file; returns the first block behind it.
uint64_t Image::CheckSubtree(const Inode& inode, BlockNr block, uint32_t levels, uint64_t first,
                             uint64_t end) {
  const uint64_t p = pointers_per_block();
  const uint64_t covered = levels == 1 ? p : levels == 2 ? p * p : p * p * p;
  if (block == BlockNr(0) || first >= end) return first + covered;
  if (!Contains(block)) {
    Damaged(
        fmt::format("inode {}: an indirect block lies at block {}, outside of the file system's {} "
                    "blocks",
                    inode.ino, block.value(), blocks_count_.value()));
  }
  // A copy: what lies below may push the block out of the cache.
  const std::vector<std::byte> pointers = ReadBlock(block);
  for (uint32_t i = 0; i < p; ++i) {
    const uint64_t at = first + i * (covered / p);
    if (at >= end) break;
    const BlockNr below(Little32(&pointers[i * 4]));
    if (below != BlockNr(0) && !Contains(below)) {
      Damaged(fmt::format(
          "inode {}: entry {} of the indirect block {} (block {} of the file) points to "
          "block {}, outside of the file system's {} blocks",
          inode.ino, i, block.value(), at, below.value(), blocks_count_.value()));
    }
    if (levels > 1) CheckSubtree(inode, below, levels - 1, at, end);
  }
  return first + covered;
}

// -- Directories and links

bool Image::FindEntry(const Inode& directory, PageIndex page, std::string_view name, uint32_t* ino,
                      std::string* problem) {
  *ino = 0;
  const uint64_t blocks_per_page = kPageSize / block_size_;
  const uint64_t blocks = (directory.size.value() + block_size_ - 1) / block_size_;
  const uint64_t first = page.value() * blocks_per_page;
  try {
    for (uint64_t i = first; i < std::min(first + blocks_per_page, blocks); ++i) {
      const BlockNr block = MapBlock(directory, BlockNr(i));
      if (block == BlockNr(0)) {
        Damaged(fmt::format("directory inode {}: block {} is a hole", directory.ino, i));
      }
      *ino = FindInDirectoryBlock(directory.ino, i, ReadBlock(block), name);
      if (*ino != 0) return true;
    }
  } catch (const ScenarioError& error) {
    *problem = error.what();
    return false;
  }
  return true;
}

// A block of a directory is tiled by its entries: inode, rec_len, name_len, file_type, name.
uint32_t Image::FindInDirectoryBlock(uint32_t directory, uint64_t index,
                                     std::span<const std::byte> block,
                                     std::string_view name) const {
  constexpr size_t kHeader = 8;
  for (size_t at = 0; at < block.size();) {
    const uint32_t ino = Little32(&block[at]);
    const uint32_t rec_len = Little16(&block[at + 4]);
    const uint32_t name_len = std::to_integer<uint32_t>(block[at + 6]);
    if (rec_len < kHeader + 4 || rec_len % 4 != 0 || rec_len > block.size() - at ||
        name_len + kHeader > rec_len) {
      Damaged(
          fmt::format("directory inode {}: block {}, offset {}: an entry with rec_len {} and "
                      "name_len {}",
                      directory, index, at, rec_len, name_len));
    }
    if (ino != 0 && name_len == name.size() &&
        std::memcmp(&block[at + kHeader], name.data(), name_len) == 0) {
      if (!IsInode(ino)) {
        Damaged(
            fmt::format("directory inode {}: the entry \"{}\" leads to inode {}, which does not "
                        "exist",
                        directory, name, ino));
      }
      return ino;
    }
    at += rec_len;
  }
  return 0;
}

std::string Image::ReadLink(const Inode& inode) {
  if (inode.fast_symlink) return inode.symlink_target;
  const BlockNr block = MapBlock(inode, BlockNr(0));
  if (block == BlockNr(0))
    Damaged(fmt::format("inode {}: a symbolic link without target", inode.ino));
  const std::vector<std::byte>& contents = ReadBlock(block);
  return std::string(reinterpret_cast<const char*>(contents.data()), inode.size.value());
}

}  // namespace biotope
