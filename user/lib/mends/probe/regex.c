/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8: "[a" aborts. 1.8.6 to 1.8.12: it uses a null pointer. All: no back references in extended
 * expressions, no empty alternatives. */
#include <regex.h>
#include <stddef.h>
#include "probe.h"

PROBE(regex)
{
    regex_t regex;

    if (regcomp(&regex, "a|", REG_EXTENDED) != 0)
        return "an empty alternative";
    if (regcomp(&regex, "(a)\\1", REG_EXTENDED) != 0 || regexec(&regex, "aa", 0, NULL, 0) != 0)
        return "a back reference";
    return regcomp(&regex, "[a", 0) == REG_EBRACK ? NULL : "[ without ]";
}
