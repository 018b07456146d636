/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8 to 1.8.12: digits beyond the 17th (of a float, the 9th) do not count. */
#include <stdlib.h>
#include "probe.h"

PROBE(strtod)
{
    if (strtod("9007199254740993.00001", NULL) != 9007199254740994.0 ||
        strtof("1.000000059604644775390626", NULL) != 0x1.000002p+0f)
        return "not all digits count";
    return NULL;
}
