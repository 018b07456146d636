/* SPDX-License-Identifier: MIT
 *
 * Private pages: the pool they come from; everything else is short enough for anon.h. */
#include "user/pager/anon.h"

struct pool anon_pool = POOL(struct anon);
