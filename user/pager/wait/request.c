/* SPDX-License-Identifier: MIT
 *
 * Callers' buffers. See request.h. */
#include "user/pager/wait/request.h"
#include <abi/layout.h>

enum outcome request_restart(struct request *r, unsigned direction, uint64_t offset, uint64_t left)
{
    r->answer.tag = MSG_RESTART;
    r->answer.w[0] = direction;
    r->answer.w[1] = offset;
    r->answer.w[2] = left < PAGE_SIZE ? left : PAGE_SIZE;
    return DONE;
}

int request_copy(struct request *r, unsigned direction, uint64_t offset, void *memory,
                 uint64_t length)
{
    uint64_t done = 0;

    while (done < length) {
        long n = sys_copy(r->m.token, direction, offset + done,
                          (unsigned long)(uintptr_t)memory + done, length - done);
        if (n < 0)
            return (int)n;
        if (n == 0) {
            request_restart(r, direction, offset + done, length - done);
            return 1;
        }
        done += (uint64_t)n;
    }
    return 0;
}
