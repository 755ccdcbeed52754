#include "layers/ext2/synthesize.h"

extern "C" {
#include <et/com_err.h>
}
#include <ext2fs/ext2fs.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "sim/core/check.h"
#include "sim/core/error.h"

namespace biotope {
namespace {

constexpr uint64_t kBytesPerInode = 16384;  // mke2fs's default
constexpr uint32_t kReservedPercent = 5;    // likewise
constexpr time_t kCreated = 1'108'000'000;  // a fixed date, so that the bytes are always the same
constexpr char kName[] = "synthesized image";

void Check(errcode_t error, const std::string& what) {
  if (error == 0) return;
  initialize_ext2_error_table();
  if (error == EXT2_ET_BLOCK_ALLOC_FAIL || error == EXT2_ET_INODE_ALLOC_FAIL ||
      error == EXT2_ET_TOOSMALL) {
    throw ScenarioError(fmt::format(
        "{}: {}: there is not enough room; make filesystem.synthesize.size larger", kName, what));
  }
  throw ScenarioError(fmt::format("{}: {}: {}", kName, what, error_message(error)));
}

// A file in memory that libext2fs can open by name.
class MemoryFile {
 public:
  explicit MemoryFile(uint64_t size) : fd_(memfd_create("biotope-image", MFD_CLOEXEC)) {
    if (fd_ < 0 || ftruncate(fd_, static_cast<off_t>(size)) != 0) {
      throw EnvironmentError(fmt::format("{}: {}", kName, std::strerror(errno)));
    }
  }
  ~MemoryFile() { close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return fmt::format("/proc/self/fd/{}", fd_); }

 private:
  int fd_;
};

// The file system while it is made.
class Maker {
 public:
  Maker(const SynthesizeSpec& spec, const std::string& path);
  ~Maker() {
    if (fs_ != nullptr) ext2fs_free(fs_);
  }
  void AddFile(const SynthesizeSpec::File& file);
  void Finish();

 private:
  ext2_ino_t MakeDirectories(const std::string& path, std::string* name);
  blk64_t NewBlock(const std::string& path);
  void AllocateBlocks(const SynthesizeSpec::File& file, ext2_inode* inode);
  void FlushRun();

  ext2_filsys fs_ = nullptr;
  // Blocks of the file that is being made, taken but not yet accounted for: one run.
  blk64_t run_start_ = 0;
  blk64_t run_length_ = 0;
  blk64_t goal_ = 0;        // where the next block shall lie
  blk64_t free_until_ = 0;  // blocks from goal_ to here are known to be free
};

Maker::Maker(const SynthesizeSpec& spec, const std::string& path) {
  ext2_super_block super{};
  super.s_rev_level = EXT2_DYNAMIC_REV;
  super.s_log_block_size = spec.block_size == 4096 ? 2 : spec.block_size == 2048 ? 1 : 0;
  super.s_log_cluster_size = super.s_log_block_size;
  super.s_inode_size = 128;
  super.s_feature_incompat = EXT2_FEATURE_INCOMPAT_FILETYPE;
  super.s_feature_ro_compat =
      EXT2_FEATURE_RO_COMPAT_SPARSE_SUPER | EXT2_FEATURE_RO_COMPAT_LARGE_FILE;
  const uint64_t blocks = spec.size.value() / spec.block_size;
  ext2fs_blocks_count_set(&super, blocks);
  ext2fs_r_blocks_count_set(&super, blocks * kReservedPercent / 100);
  super.s_inodes_count = static_cast<uint32_t>(
      std::max<uint64_t>(spec.size.value() / kBytesPerInode, 16) + spec.files.size());
  Check(ext2fs_initialize(path.c_str(), EXT2_FLAG_64BITS, &super, unix_io_manager, &fs_),
        "a file system of this size");
  // Nothing of today, nothing random.
  fs_->now = kCreated;
  fs_->super->s_mkfs_time = fs_->super->s_lastcheck = fs_->super->s_wtime = kCreated;
  std::memcpy(fs_->super->s_uuid, "biotope-ext2-fs", 16);
  Check(ext2fs_allocate_tables(fs_), "its tables");
  for (ext2_ino_t ino = 1; ino < EXT2_FIRST_INODE(fs_->super); ++ino) {
    if (ino != EXT2_ROOT_INO) ext2fs_inode_alloc_stats2(fs_, ino, +1, 0);
  }
  Check(ext2fs_mkdir(fs_, EXT2_ROOT_INO, EXT2_ROOT_INO, nullptr), "the root directory");
  Check(ext2fs_mkdir(fs_, EXT2_ROOT_INO, 0, "lost+found"), "lost+found");
}

// mkdir -p of everything before the last component, which becomes `name`.
ext2_ino_t Maker::MakeDirectories(const std::string& path, std::string* name) {
  ext2_ino_t directory = EXT2_ROOT_INO;
  size_t at = 0;
  for (;;) {
    const size_t begin = std::min(path.find_first_not_of('/', at), path.size());
    const size_t end = std::min(path.find('/', begin), path.size());
    *name = path.substr(begin, end - begin);
    if (name->empty() || *name == "." || *name == ".." || name->size() > EXT2_NAME_LEN) {
      throw ScenarioError(fmt::format("{}: \"{}\" is no path of a file", kName, path));
    }
    if (path.find_first_not_of('/', end) == std::string::npos) return directory;
    ext2_ino_t next = 0;
    if (ext2fs_lookup(fs_, directory, name->c_str(), static_cast<int>(name->size()), nullptr,
                      &next) != 0) {
      errcode_t error = ext2fs_mkdir(fs_, directory, 0, name->c_str());
      if (error == EXT2_ET_DIR_NO_SPACE) {
        Check(ext2fs_expand_dir(fs_, directory), path);
        error = ext2fs_mkdir(fs_, directory, 0, name->c_str());
      }
      Check(error, path);
      Check(ext2fs_lookup(fs_, directory, name->c_str(), static_cast<int>(name->size()), nullptr,
                          &next),
            path);
    }
    if (ext2fs_check_directory(fs_, next) != 0) {
      throw ScenarioError(fmt::format("{}: \"{}\": \"{}\" is a file", kName, path, *name));
    }
    directory = next;
    at = end;
  }
}

void Maker::AddFile(const SynthesizeSpec::File& file) {
  std::string name;
  const ext2_ino_t directory = MakeDirectories(file.path, &name);
  ext2_ino_t ino = 0;
  if (ext2fs_lookup(fs_, directory, name.c_str(), static_cast<int>(name.size()), nullptr, &ino) ==
      0) {
    throw ScenarioError(fmt::format("{}: \"{}\" is there twice", kName, file.path));
  }
  Check(ext2fs_new_inode(fs_, directory, LINUX_S_IFREG | 0644, nullptr, &ino), file.path);
  ext2fs_inode_alloc_stats2(fs_, ino, +1, 0);
  errcode_t error = ext2fs_link(fs_, directory, name.c_str(), ino, EXT2_FT_REG_FILE);
  if (error == EXT2_ET_DIR_NO_SPACE) {
    Check(ext2fs_expand_dir(fs_, directory), file.path);
    error = ext2fs_link(fs_, directory, name.c_str(), ino, EXT2_FT_REG_FILE);
  }
  Check(error, file.path);

  ext2_inode inode{};
  inode.i_mode = LINUX_S_IFREG | 0644;
  inode.i_links_count = 1;
  inode.i_atime = inode.i_ctime = inode.i_mtime = kCreated;
  Check(ext2fs_inode_size_set(fs_, &inode, static_cast<ext2_off64_t>(file.size.value())),
        file.path);
  // The goal of the first block is the group of the inode.
  goal_ = ext2fs_group_first_block2(fs_, ext2fs_group_of_ino(fs_, ino));
  free_until_ = goal_;
  AllocateBlocks(file, &inode);
  Check(ext2fs_write_new_inode(fs_, ino, &inode), file.path);
}

// Takes the first free block at or behind the goal, round the disk once.
blk64_t Maker::NewBlock(const std::string& path) {
  if (goal_ >= free_until_) {
    FlushRun();
    const blk64_t last = ext2fs_blocks_count(fs_->super) - 1;
    blk64_t found = 0;
    if (goal_ > last || ext2fs_find_first_zero_block_bitmap2(fs_->block_map, goal_, last, &found)) {
      Check(ext2fs_find_first_zero_block_bitmap2(fs_->block_map, fs_->super->s_first_data_block,
                                                 last, &found) == 0
                ? 0
                : EXT2_ET_BLOCK_ALLOC_FAIL,
            path);
    }
    goal_ = found;
    blk64_t used = 0;
    free_until_ = ext2fs_find_first_set_block_bitmap2(fs_->block_map, found, last, &used) == 0
                      ? used
                      : last + 1;
    run_start_ = found;
  }
  ++run_length_;
  return goal_++;
}

// Accounts for the blocks that were taken in one go.
void Maker::FlushRun() {
  if (run_length_ > 0) {
    ext2fs_block_alloc_stats_range(fs_, run_start_, static_cast<blk_t>(run_length_), +1);
  }
  run_length_ = 0;
}

void Maker::AllocateBlocks(const SynthesizeSpec::File& file, ext2_inode* inode) {
  const uint32_t block_size = fs_->blocksize;
  const uint32_t pointers = block_size / 4;
  const uint64_t blocks = (file.size.value() + block_size - 1) / block_size;
  if (blocks > MaxMappableBlocks(pointers)) {
    throw ScenarioError(fmt::format("{}: \"{}\": a file cannot have {} bytes with blocks of {}",
                                    kName, file.path, file.size.value(), block_size));
  }
  // The indirect block that is being filled on each level, 1 being nearest to the inode.
  struct Level {
    blk64_t block = 0;
    std::vector<uint32_t> entries;
  };
  std::array<Level, 4> levels;
  const auto write = [&](Level& level) {
    if (level.block == 0) return;
    Check(io_channel_write_blk64(fs_->io, level.block, 1, level.entries.data()), file.path);
    level.block = 0;
  };
  uint64_t taken = 0;
  for (uint64_t logical = 0; logical < blocks; ++logical) {
    const BlockPath path = BlockToPath(BlockNr(logical), pointers);
    for (uint32_t level = 1; level < path.depth; ++level) {
      // A level begins a new indirect block when everything below it begins.
      const bool begins =
          std::all_of(path.offsets.begin() + level, path.offsets.begin() + path.depth,
                      [](uint32_t offset) { return offset == 0; });
      if (!begins) continue;
      write(levels[level]);
      levels[level].block = NewBlock(file.path);
      levels[level].entries.assign(pointers, 0);
      ++taken;
      const uint32_t pointer = ext2fs_cpu_to_le32(static_cast<uint32_t>(levels[level].block));
      if (level == 1) {
        inode->i_block[path.offsets[0]] = static_cast<uint32_t>(levels[level].block);
      } else {
        levels[level - 1].entries[path.offsets[level - 1]] = pointer;
      }
    }
    const blk64_t block = NewBlock(file.path);
    ++taken;
    if (path.depth == 1) {
      inode->i_block[path.offsets[0]] = static_cast<uint32_t>(block);
    } else {
      levels[path.depth - 1].entries[path.offsets[path.depth - 1]] =
          ext2fs_cpu_to_le32(static_cast<uint32_t>(block));
    }
  }
  for (Level& level : levels) write(level);
  FlushRun();
  Check(ext2fs_iblk_set(fs_, inode, taken), file.path);
}

void Maker::Finish() {
  ext2_filsys fs = std::exchange(fs_, nullptr);
  Check(ext2fs_close_free(&fs), "writing it");
}

}  // namespace

Image SynthesizeImage(const SynthesizeSpec& spec) {
  const MemoryFile memory(spec.size.value() / spec.block_size * spec.block_size);
  Maker maker(spec, memory.path());
  for (const SynthesizeSpec::File& file : spec.files) maker.AddFile(file);
  maker.Finish();
  return Image(memory.path(), kName);
}

}  // namespace biotope
