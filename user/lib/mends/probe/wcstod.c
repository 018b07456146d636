/* SPDX-License-Identifier: MIT
 *
 * picolibc: wcstod cuts off after 17 digits. */
#include <stddef.h>
#include <wchar.h>
#include "probe.h"

PROBE(wcstod)
{
    return wcstod(L"1.00000000000000011102230246251565405", NULL) > 1 ? NULL : "many digits";
}
