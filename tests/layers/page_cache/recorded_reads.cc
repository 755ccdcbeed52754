#include "tests/layers/page_cache/recorded_reads.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "sim/core/units.h"

namespace biotope {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 11> kCalls = {"open",    "close",   "read",      "pread",
                                                     "lseek",   "fadvise", "readahead", "mmap",
                                                     "madvise", "touch",   "sleepms"};
constexpr uint8_t kMaxFolioOrder = 9;  // ext4: MAX_PAGECACHE_ORDER

std::string ReadAll(const fs::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The text behind `before`, up to one of `stop`.
std::string After(const std::string& text, const std::string& before, const char* stop) {
  const size_t at = text.find(before);
  if (at == std::string::npos) throw std::runtime_error("there is no " + before);
  const size_t begin = at + before.size();
  return text.substr(begin, text.find_first_of(stop, begin) - begin);
}
uint64_t NumberAfter(const std::string& text, const std::string& before) {
  return std::stoull(After(text, before, ","));
}

std::string CallOf(const std::string& op) {
  std::istringstream in(op);
  std::string word;
  in >> word;
  if (word.starts_with('@')) in >> word;
  return word;
}

struct Layout {
  uint64_t inode = 0;
  FilemapWorkload::File file;
};

Layout LoadLayout(const fs::path& path, uint32_t block_size) {
  const std::string text = ReadAll(path);
  Layout layout;
  layout.inode = NumberAfter(text, "Inode: ");
  layout.file.size = NumberAfter(text, " Size: ");
  layout.file.blocks.emplace(After(text, "BLOCKS:\n", "\n"), block_size);
  return layout;
}

void LoadFolios(const fs::path& folder, const std::set<uint64_t>& inodes, RecordedReads& recorded) {
  std::ifstream file(folder / "cache_events.csv");
  for (std::string line; std::getline(file, line);) {
    if (line.find(",mm_filemap_add_to_page_cache,") == std::string::npos) continue;
    if (!inodes.contains(std::stoull(After(line, "ino ", " "), nullptr, 16))) continue;
    const std::string behind = line.substr(line.find("\",") + 2);  // tag,op,time_us
    recorded.reads.folios.push_back(
        {.op = std::stoull(behind.substr(behind.find(',') + 1)),
         .index = std::stoull(After(line, "ofs=", " ")) / kPageSize,
         .order = static_cast<uint8_t>(std::stoul(After(line, "order=", "\"")))});
  }
}

void LoadBios(const fs::path& folder, RecordedReads& recorded) {
  std::ifstream file(folder / "events.csv");
  for (std::string line; std::getline(file, line);) {
    std::istringstream in(line);
    std::array<std::string, 7> fields;  // seq,event,rw,sector,nr_sectors,tag,op
    for (std::string& field : fields) std::getline(in, field, ',');
    if (fields[1] != "Q" || fields[6].empty()) continue;
    const size_t op = std::stoull(fields[6]);
    if (CallOf(recorded.workload.ops.at(op)) == "open") continue;
    recorded.reads.bios.push_back({op,
                                   {.readahead = fields[2] == "RA",
                                    .sector = std::stoull(fields[3]),
                                    .nr_sectors = std::stoull(fields[4])}});
  }
}

}  // namespace

std::optional<RecordedReads> LoadRecordedReads(const fs::path& folder) {
  RecordedReads recorded;
  FilemapWorkload& workload = recorded.workload;
  std::set<std::string> names;
  std::ifstream ops(folder / "ops.txt");
  for (std::string op; std::getline(ops, op);) {
    const std::string call = CallOf(op);
    if (std::ranges::find(kCalls, call) == kCalls.end()) return std::nullopt;
    if (op.find("direct") != std::string::npos) return std::nullopt;
    if (call == "open") names.insert(After(op.substr(op.rfind('/')), "/", " "));
    workload.ops.push_back(op);
  }
  const std::string description = ReadAll(folder / "case.json");
  workload.name = folder.filename();
  workload.ra_pages = NumberAfter(description, "\"read_ahead_kb\": \"") / 4;
  workload.io_pages = NumberAfter(description, "\"max_sectors_kb\": \"") / 4;
  const std::string image = After(description, "\"image\": \"", "\"");
  const uint32_t block_size = image.find("1k") != std::string::npos ? 1024 : 4096;
  // Files of the other images have the flag JOURNAL_DATA, and so single pages only.
  if (image.ends_with('L')) workload.max_folio_order = kMaxFolioOrder;

  std::set<uint64_t> inodes;
  for (const std::string& name : names) {
    const Layout layout =
        LoadLayout(folder.parent_path() / "images" / image / (name + ".layout.txt"), block_size);
    inodes.insert(layout.inode);
    workload.files.emplace(name, layout.file);
  }
  LoadFolios(folder, inodes, recorded);
  LoadBios(folder, recorded);
  return recorded;
}

}  // namespace biotope
