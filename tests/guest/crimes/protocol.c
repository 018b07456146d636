/* SPDX-License-Identifier: MIT */
#include "tests/guest/crimes/crimes.h"
void protocol_crimes(void)
{
}
