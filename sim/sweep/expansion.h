#ifndef BIOTOPE_SIM_SWEEP_EXPANSION_H_
#define BIOTOPE_SIM_SWEEP_EXPANSION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/sweep/sweep_file.h"

namespace biotope {

// Points that a sweep may have.
inline constexpr uint64_t kMostPoints = 100'000;

// One value of one axis. Many points share it.
struct Assignment {
  std::string field;  // as the sweep names it
  std::string value;  // as with --set
  uint32_t column = 0;
  // Where the sweep says so: paths for SweepFile::Format.
  std::string field_place;
  std::string value_place;

  std::string Set() const { return field + "=" + value; }
};

// One run. Points are numbered from 0.
struct Point {
  std::vector<uint32_t> assignments;  // indices into Expansion::assignments, in order
  std::optional<uint64_t> seed;       // absent: the scenario's
};

// All points of a sweep. A function of its text alone.
struct Expansion {
  struct Column {
    std::string name;
    std::string field;
  };
  std::vector<Column> columns;
  std::vector<Assignment> assignments;
  std::vector<Point> points;
  uint32_t seeds = 1;  // so many points that follow each other differ in their seed alone

  // What --set would have to say for a point.
  std::vector<std::string> SetsOf(const sweep::Sweep& sweep, const Point& point) const;
  // The value of each column as tables show it: sizes in bytes, times in the unit of the field's
  // bare numbers; "" where the point has none.
  std::vector<std::string> CellsOf(const Point& point) const;
};

// `reserved` are names that no column may have. Throws ScenarioError with all mistakes.
Expansion ExpandSweep(const SweepFile& file, const std::vector<std::string>& reserved);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SWEEP_EXPANSION_H_
