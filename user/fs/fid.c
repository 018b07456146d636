/* SPDX-License-Identifier: MIT
 *
 * Numbers for fids, a bit each. Lock-free: see fid.h. */
#include "user/fs/fid.h"
#include "user/fs/dev.h"

#define FID_FIRST 1u /* PATH_ROOT_FID is 0 */
#define FID_WORDS 64u
#define WORD_BITS 64u

static uint64_t taken[FID_WORDS];

uint32_t fid_get(void)
{
    for (unsigned i = 0; i < FID_WORDS; i++) {
        uint64_t word = __atomic_load_n(&taken[i], __ATOMIC_RELAXED);
        while (~word) {
            unsigned bit = (unsigned)__builtin_ctzll(~word);
            if (__atomic_compare_exchange_n(&taken[i], &word, word | 1ull << bit, false,
                                            __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
                return FID_FIRST + i * WORD_BITS + bit;
        }
    }
    return P9_NO_FID;
}

void fid_put(uint32_t fid)
{
    if (fid == P9_NO_FID || dev_has(fid))
        return;
    fid -= FID_FIRST;
    __atomic_fetch_and(&taken[fid / WORD_BITS], ~(1ull << fid % WORD_BITS), __ATOMIC_RELEASE);
}

/* The number is free whatever the server says: in 9P a fid that was clunked is gone. */
void fid_put_clunk(struct p9 *p9, uint32_t fid)
{
    if (fid == P9_NO_FID || dev_has(fid))
        return;
    p9_clunk(p9, fid);
    fid_put(fid);
}
