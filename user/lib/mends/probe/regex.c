/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8 to 1.8.12: see the mend. */
#include <stddef.h> /* first: from 1.8.10 on regex.h leaves size_t to who includes it */

#include <regex.h>
#include <string.h>
#include "probe.h"

PROBE(regex)
{
    static char deep[10000];
    regex_t regex;

    memset(deep, '(', sizeof(deep) - 1);
    if (regcomp(&regex, deep, REG_EXTENDED) != REG_ESPACE)
        return "no limit";
    return regcomp(&regex, "[a", 0) == REG_EBRACK ? NULL : "[ without ]";
}
