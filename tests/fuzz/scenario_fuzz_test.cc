// Whatever bytes a file has, and whatever --set says: the scenario loads, or a ScenarioError tells
// where the mistake is. Never a crash, never a hang, never another exception.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "sim/core/error.h"
#include "tests/sim/scenario/test_scenario.h"

namespace biotope {
namespace {

// "s.textproto:12:5".
bool IsPlaceInFile(std::string_view place) {
  constexpr std::string_view kFile = "s.textproto:";
  if (!place.starts_with(kFile)) return false;
  place.remove_prefix(kFile.size());
  const size_t colon = place.find(':');
  if (colon == std::string_view::npos) return false;
  const auto is_number = [](std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  };
  return is_number(place.substr(0, colon)) && is_number(place.substr(colon + 1));
}

// Checks that `text` loads, or that each line "…: error: …" begins with a place.
void Check(const std::string& text, const std::vector<std::string>& sets = {}) {
  try {
    const ScenarioFile file = LoadText(text, sets);
    // What loads must load again from its own text.
    const ScenarioFile again = LoadText(file.ResolvedText("."));
    RC_ASSERT(again.resolved().SerializeAsString() == file.resolved().SerializeAsString());
  } catch (const ScenarioError& error) {
    const std::string what = error.what();
    const std::string place = what.substr(0, what.find(": error: "));
    RC_ASSERT(place.size() < what.size());
    RC_ASSERT(IsPlaceInFile(place) || place.starts_with("--set "));
    RC_ASSERT(what.find('\0') == std::string::npos);
    RC_ASSERT(what.size() < 100'000u);
  }
}

// Pieces that are more likely to reach far than random bytes are.
rc::Gen<std::string> Piece() {
  return rc::gen::oneOf(
      rc::gen::element<std::string>(
          "{", "}", "<", ">", "[", "]", ":", ",", ";", "\"", "'", "#", "\\", "\n", "\t", " ", "-",
          "0", "1", "18446744073709551616", "1e99", "nan", "inf", "\"4k\"", "\"-1\"", "\"\"",
          "kernel", "process", "fio", "script", "call", "open", "read", "cost", "function",
          "profile", "\"test-1.0\"", "schedulers", "deadline", "noop", "rw", "READ", "hdd", "\xff",
          "\xc3", "日", "[x.y]", "//", "/*", "0x", "010", "queue {}", "scheduler { noop {} }",
          "1."),
      rc::gen::arbitrary<std::string>(),
      rc::gen::map(rc::gen::arbitrary<char>(), [](char c) { return std::string(1, c); }));
}

std::string Mutate(std::string text) {
  const int count = *rc::gen::inRange(1, 6);
  for (int i = 0; i < count; ++i) {
    const size_t at = *rc::gen::inRange<size_t>(0, text.size() + 1);
    const size_t length = *rc::gen::inRange<size_t>(0, std::min<size_t>(20, text.size() - at) + 1);
    switch (*rc::gen::inRange(0, 4)) {
      case 0:  // cut out
        text.erase(at, length);
        break;
      case 1:  // replace
        text.replace(at, length, *Piece());
        break;
      case 2:  // insert
        text.insert(at, *Piece());
        break;
      default:  // copy a part elsewhere
        text.insert(*rc::gen::inRange<size_t>(0, text.size() + 1), text.substr(at, length));
        break;
    }
  }
  return text;
}

RC_GTEST_PROP(ScenarioFuzz, MutationsOfAGoodScenario, ()) {
  Check(Mutate(std::string(kGoodScenario)));
}

RC_GTEST_PROP(ScenarioFuzz, PiecesInAnyOrder, ()) {
  std::string text;
  for (const std::string& piece : *rc::gen::container<std::vector<std::string>>(Piece())) {
    text += piece + " ";
  }
  Check(text);
}

RC_GTEST_PROP(ScenarioFuzz, AnyBytes, (const std::string& text)) { Check(text); }

RC_GTEST_PROP(ScenarioFuzz, Truncations, ()) {
  const size_t length = *rc::gen::inRange<size_t>(0, kGoodScenario.size());
  Check(std::string(kGoodScenario.substr(0, length)));
}

RC_GTEST_PROP(ScenarioFuzz, Sets, ()) {
  const std::string good = *rc::gen::element<std::string>(
      "process[0].fio.bs=64k", "process[name=reader].fio.rw=READ",
      "kernel.schedulers=noop,deadline", "kernel.cost[function=vfs_read].cycles=3",
      "block_device.queue.scheduler=deadline",
      "block_device.queue.scheduler={deadline{fifo_batch: 3}}",
      "process[+]={script{call{open{path:\"/a\"}}}}");
  Check(std::string(kGoodScenario), {Mutate(good)});
}

TEST(ScenarioFuzzTest, Extremes) {
  const std::vector<std::string> texts = {
      "",
      std::string(1, '\0'),
      std::string(1 << 20, '{'),
      std::string(1 << 20, '}'),
      std::string(1 << 20, '"'),
      std::string(1 << 20, '\n'),
      std::string(1 << 20, '9'),
      std::string(1 << 20, 'a'),
      std::string(1 << 20, '\xff'),
      std::string(10 << 20, 'x'),
      "title: \"" + std::string(1'000'000, '\\') + "\"",
  };
  for (const std::string& text : texts) Check(text);

  std::string processes;
  while (processes.size() < (1 << 20) - 20) processes += "process{}";
  Check(processes);
  std::string lists = "kernel { schedulers: [";
  while (lists.size() < (1 << 20) - 20) lists += "\"\",";
  Check(lists + "\"\"] }");
  std::string costs = "kernel {";
  while (costs.size() < (1 << 20) - 20) costs += "cost{}";
  Check(costs + "}");
}

}  // namespace
}  // namespace biotope
