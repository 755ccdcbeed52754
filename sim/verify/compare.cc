#include "sim/verify/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "sim/scenario/linux_names.h"

namespace biotope {
namespace {

constexpr size_t kContextLines = 4;

// What the recorder of a kernel can see. That of Linux 2.6 reads bios and requests with a debugger:
// their direction, but no flags; it does not see allocations, nor how many requests an unplug
// finds.
struct Recorder {
  bool rw_flags = true;
  bool request_allocation = true;  // G
  bool unplug_counts = true;
};

Recorder RecorderOf(const std::string& kernel) {
  if (kernel.starts_with("2.6.")) return {false, false, false};
  return {};
}

// A sequence of comparable lines, with the operation that each belongs to.
using Lines = std::vector<std::string>;

// Everything before the first operation: mounting. A recorder that begins after it has nothing.
std::vector<BlockEvent> WithoutMount(const std::vector<BlockEvent>& events) {
  const auto first = std::find_if(events.begin(), events.end(), [](const BlockEvent& event) {
    return event.operation.has_value();
  });
  return {first, events.end()};
}

bool HasMount(const std::vector<BlockEvent>& events) {
  return !events.empty() && !events.front().operation.has_value();
}

BlockEvent Visible(BlockEvent event, const Recorder& recorder) {
  if (!recorder.rw_flags && !event.rw.empty()) event.rw = event.rw.front();
  if (!recorder.unplug_counts && event.kind == "U") event.sectors.reset();
  return event;
}

Lines QueueLines(const std::vector<BlockEvent>& events, const Recorder& recorder) {
  Lines lines;
  for (const BlockEvent& event : events) {
    if (event.kind == "Q") lines.push_back(ToText(Visible(event, recorder)));
  }
  return lines;
}

// What tasks do to the queue. Who issues is not part of it: D may come from elsewhere.
Lines SubmitLines(const std::vector<BlockEvent>& events, const Recorder& recorder) {
  constexpr std::array<std::string_view, 9> kKinds = {"P", "Q", "X", "G", "M", "F", "MM", "I", "U"};
  Lines lines;
  for (const BlockEvent& event : events) {
    if (!event.in_task || std::find(kKinds.begin(), kKinds.end(), event.kind) == kKinds.end()) {
      continue;
    }
    if (event.kind == "G" && !recorder.request_allocation) continue;
    lines.push_back(ToText(Visible(event, recorder)));
  }
  return lines;
}

std::vector<BlockEvent> Issues(const std::vector<BlockEvent>& events, const Recorder& recorder) {
  std::vector<BlockEvent> issues;
  for (const BlockEvent& event : events) {
    if (event.kind != "D") continue;
    issues.push_back(Visible(event, recorder));
    issues.back().operation.reset();  // a recorder often cannot know it
  }
  return issues;
}

Lines ToLines(const std::vector<BlockEvent>& events) {
  Lines lines;
  for (const BlockEvent& event : events) lines.push_back(ToText(event));
  return lines;
}

std::string Excerpt(const char* title, const Lines& lines, size_t at) {
  std::string text = fmt::format("    {}:\n", title);
  const size_t begin = at < kContextLines ? 0 : at - kContextLines;
  const size_t end = std::min(lines.size(), at + kContextLines + 1);
  for (size_t i = begin; i < end; ++i) {
    text += fmt::format("    {} {:>5}  {}\n", i == at ? '>' : ' ', i, lines[i]);
  }
  if (at >= lines.size()) text += fmt::format("    > {:>5}  (end)\n", lines.size());
  return text;
}

PartComparison CompareLines(std::string name, const Lines& recorded, const Lines& simulated) {
  PartComparison part;
  part.name = std::move(name);
  part.recorded = recorded.size();
  part.equal = recorded == simulated;
  const size_t common = std::min(recorded.size(), simulated.size());
  size_t head = 0;
  while (head < common && recorded[head] == simulated[head]) ++head;
  size_t tail = 0;
  while (tail < common - head &&
         recorded[recorded.size() - 1 - tail] == simulated[simulated.size() - 1 - tail]) {
    ++tail;
  }
  part.matched = head + tail;
  if (!part.equal) {
    part.difference = fmt::format("  {}: the first difference is entry {}\n", part.name, head) +
                      Excerpt("recorded", recorded, head) + Excerpt("simulated", simulated, head);
  }
  return part;
}

// -- D as a set of sectors

// How often each sector is transferred, per direction: at each sector where the number changes, by
// how much.
using Coverage = std::map<std::pair<std::string, uint64_t>, int64_t>;

void Add(const BlockEvent& issue, int64_t times, Coverage* coverage) {
  const uint64_t sector = issue.sector.value_or(0);
  (*coverage)[{issue.rw, sector}] += times;
  (*coverage)[{issue.rw, sector + issue.sectors.value_or(0)}] -= times;
}

Coverage CoverageOf(const std::vector<BlockEvent>& issues) {
  Coverage coverage;
  for (const BlockEvent& issue : issues) Add(issue, 1, &coverage);
  std::erase_if(coverage, [](const auto& entry) { return entry.second == 0; });
  return coverage;
}

// Ranges that are transferred more or less often than recorded.
Lines CoverageDifference(const std::vector<BlockEvent>& recorded,
                         const std::vector<BlockEvent>& simulated) {
  Coverage difference;
  for (const BlockEvent& issue : recorded) Add(issue, -1, &difference);
  for (const BlockEvent& issue : simulated) Add(issue, 1, &difference);
  Lines lines;
  int64_t times = 0;
  for (auto at = difference.begin(); at != difference.end(); ++at) {
    times += at->second;
    const auto next = std::next(at);
    if (times == 0 || next == difference.end()) continue;
    lines.push_back(fmt::format("{} {}+{}: {} times {}", at->first.first, at->first.second,
                                next->first.second - at->first.second, times < 0 ? -times : times,
                                times < 0 ? "fewer" : "more"));
  }
  return lines;
}

PartComparison CompareIssueSets(const std::vector<BlockEvent>& recorded,
                                const std::vector<BlockEvent>& simulated) {
  PartComparison part;
  part.name = "D";
  part.as_set = true;
  part.recorded = recorded.size();
  part.equal = CoverageOf(recorded) == CoverageOf(simulated);
  if (part.equal) {
    part.matched = part.recorded;
    return part;
  }
  const Lines lines = CoverageDifference(recorded, simulated);
  part.matched = part.recorded - std::min(part.recorded, lines.size());
  part.difference = "  D: sectors that are transferred another number of times\n";
  for (size_t i = 0; i < std::min(lines.size(), 2 * kContextLines); ++i) {
    part.difference += fmt::format("      {}\n", lines[i]);
  }
  return part;
}

// -- Results

std::string ResultText(const OperationResult& result) {
  if (result.error == 0) return std::to_string(result.result);
  const std::string name = ErrnoName(result.error);
  return fmt::format("{} {}", result.result, name.empty() ? std::to_string(result.error) : name);
}

// A process may have been born with descriptors; what counts is how they follow each other.
std::map<uint32_t, int64_t> FirstDescriptors(
    const RecordedCase& recorded, const std::vector<std::optional<OperationResult>>& results) {
  std::map<uint32_t, int64_t> first;
  for (size_t i = 0; i < results.size(); ++i) {
    const Operation& operation = recorded.operations[i];
    if (operation.kind != Operation::Kind::kOpen || !results[i] || results[i]->result < 0) continue;
    first.try_emplace(operation.process, results[i]->result);
  }
  return first;
}

Lines ResultLines(const RecordedCase& recorded,
                  const std::vector<std::optional<OperationResult>>& results) {
  const std::map<uint32_t, int64_t> first = FirstDescriptors(recorded, results);
  Lines lines;
  for (size_t i = 0; i < results.size(); ++i) {
    const Operation& operation = recorded.operations[i];
    std::string value = "did not return";
    if (results[i]) {
      OperationResult result = *results[i];
      const bool descriptor = operation.kind == Operation::Kind::kOpen && result.result >= 0;
      if (descriptor) result.result -= first.at(operation.process);
      value = (descriptor ? "descriptor +" : "") + ResultText(result);
    }
    lines.push_back(fmt::format("P{} {}: {}", operation.process, operation.text, value));
  }
  return lines;
}

PartComparison CompareResults(const RecordedCase& recorded,
                              const std::vector<std::optional<OperationResult>>& results) {
  std::vector<std::optional<OperationResult>> expected(recorded.results.begin(),
                                                       recorded.results.end());
  const Lines want = ResultLines(recorded, expected);
  const Lines have = ResultLines(recorded, results);
  PartComparison part = CompareLines("ret", want, have);
  part.matched = 0;
  for (size_t i = 0; i < std::min(want.size(), have.size()); ++i)
    part.matched += want[i] == have[i];
  return part;
}

}  // namespace

bool CaseComparison::passed() const {
  return std::all_of(parts.begin(), parts.end(),
                     [](const PartComparison& part) { return part.equal || !part.counts; });
}

CaseComparison CompareCase(const RecordedCase& recorded,
                           const std::vector<std::optional<OperationResult>>& results,
                           const std::vector<BlockEvent>& events) {
  const Recorder recorder = RecorderOf(recorded.kernel);
  const bool mount = HasMount(recorded.events);
  const std::vector<BlockEvent> simulated = mount ? events : WithoutMount(events);
  CaseComparison comparison;
  comparison.parts.push_back(CompareResults(recorded, results));
  comparison.parts.push_back(
      CompareLines("Q", QueueLines(recorded.events, recorder), QueueLines(simulated, recorder)));
  comparison.parts.push_back(CompareLines("submit", SubmitLines(recorded.events, recorder),
                                          SubmitLines(simulated, recorder)));
  const std::vector<BlockEvent> want = Issues(recorded.events, recorder);
  const std::vector<BlockEvent> have = Issues(simulated, recorder);
  comparison.parts.push_back(recorded.stable.issue ? CompareLines("D", ToLines(want), ToLines(have))
                                                   : CompareIssueSets(want, have));
  comparison.parts[0].counts = recorded.stable.results;
  comparison.parts[1].counts = recorded.stable.queue;
  comparison.parts[2].counts = recorded.stable.submit;
  return comparison;
}

}  // namespace biotope
