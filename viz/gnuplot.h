#ifndef BIOTOPE_VIZ_GNUPLOT_H_
#define BIOTOPE_VIZ_GNUPLOT_H_

#include <string>

#include "configs/schema/figure.pb.h"

namespace biotope {

// Draws a figure with gnuplot into `path`, whose ending says how: .svg, .png, .pdf or .tex. The
// script and the data stay beside it (FIG.gp, FIG.dat), so that the picture can be changed by hand.
// Lines differ in colour (Okabe and Ito's palette) and in dashes, so that they can be told apart
// without colours too. Throws EnvironmentError if a file cannot be written or gnuplot is missing or
// fails.
void DrawWithGnuplot(const Figure& figure, const std::string& path);

// The two files, for tests. `picture` and `data` are the names that the script mentions.
std::string GnuplotScript(const Figure& figure, const std::string& picture,
                          const std::string& data);
std::string GnuplotData(const Figure& figure);

}  // namespace biotope

#endif  // BIOTOPE_VIZ_GNUPLOT_H_
