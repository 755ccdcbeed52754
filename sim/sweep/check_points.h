#ifndef BIOTOPE_SIM_SWEEP_CHECK_POINTS_H_
#define BIOTOPE_SIM_SWEEP_CHECK_POINTS_H_

#include <cstdint>
#include <vector>

#include "configs/schema/scenario.pb.h"
#include "configs/schema/sweep.pb.h"
#include "sim/scenario/problem.h"
#include "sim/sweep/expansion.h"

namespace biotope {

// Applies all points to `scenario`, as it was written. Returns what is wrong with paths and values,
// and which axes undo each other, by their places in the sweep.
std::vector<Problem> CheckPoints(const sweep::Sweep& sweep, const Expansion& expansion,
                                 Scenario scenario);

// Points that together have every value of every axis, at most `most` of them (then spread over
// all): if these are valid scenarios, the axes are.
std::vector<uint32_t> CoveringPoints(const Expansion& expansion, size_t most);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SWEEP_CHECK_POINTS_H_
