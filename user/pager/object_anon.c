/* SPDX-License-Identifier: MIT
 *
 * Private pages. See anon.h. */
#include "user/pager/anon.h"

struct pool anon_pool = POOL(struct anon);

void anon_unref(struct anon *anon)
{
    PAGER_CHECK(anon->refs > 0);
    if (--anon->refs > 0)
        return;
    frame_release(anon->frame);
    pool_free(&anon_pool, anon, NULL);
}
