/* SPDX-License-Identifier: MIT
 *
 * Answers and buffer copies for handlers: see request.h. */
#include "user/init/request.h"

bool request_answer(struct request *request)
{
    struct message m = {.token = request->token};
    for (unsigned i = 0; i < 4; i++)
        m.w[i] = request->word[i];
    return ipc_reply(&m) >= 0;
}

/* A copy ends at the caller's first absent page: then the kernel takes that fault on the caller's
 * behalf and repeats its call, with the same handles; nothing has been done yet. */
static int request_copy(struct request *request, unsigned long direction, void *own, size_t length)
{
    long done = sys_copy(request->token, direction, 0, (unsigned long)own, length);
    if (done < 0)
        return (int)done;
    if ((size_t)done == length)
        return 0;
    struct message m = {.tag = MSG_RESTART, .w = {direction, 0, length}, .token = request->token};
    long result = ipc_reply(&m);
    return result < 0 && result != -ESTALE ? (int)result : REQUEST_DONE;
}

int request_copy_in(struct request *request, void *to, size_t length)
{
    return request_copy(request, COPY_IN, to, length);
}

int request_copy_out(struct request *request, const void *from, size_t length)
{
    return request_copy(request, COPY_OUT, (void *)(uintptr_t)from, length);
}
