/* SPDX-License-Identifier: MIT
 *
 * Queues of waiting requests: see parked.h. */
#include "user/con/parked.h"
#include <octavo/ipc.h>
#include <string.h>

#define RESTART_MAX 4096ul

/* Copying nothing only asks whether the token is good. */
static bool parked_is_stale(const struct parked *entry)
{
    uint8_t nothing;
    return sys_copy(entry->token, COPY_IN, 0, (unsigned long)&nothing, 0) == -ESTALE;
}

static void parked_drop_stale(struct parked_queue *queue)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < queue->count; i++)
        if (!parked_is_stale(&queue->entry[i]))
            queue->entry[kept++] = queue->entry[i];
    queue->count = kept;
}

bool parked_add(struct parked_queue *queue, const struct parked *entry)
{
    if (queue->count == PARKED_MAX)
        parked_drop_stale(queue);
    if (queue->count == PARKED_MAX)
        return false;
    queue->entry[queue->count++] = *entry;
    return true;
}

void parked_remove_first(struct parked_queue *queue)
{
    queue->count--;
    memmove(queue->entry, queue->entry + 1, queue->count * sizeof queue->entry[0]);
}

bool parked_answer_first(struct parked_queue *queue, unsigned long status, unsigned long word)
{
    struct message answer = {.tag = status, .w = {word}, .token = queue->entry[0].token};
    parked_remove_first(queue);
    return ipc_reply(&answer) >= 0;
}

void parked_restart_first(struct parked_queue *queue, unsigned long direction, unsigned long bytes)
{
    if (bytes > RESTART_MAX)
        bytes = RESTART_MAX;
    struct message answer = {
        .tag = MSG_RESTART, .w = {direction, 0, bytes}, .token = queue->entry[0].token};
    parked_remove_first(queue);
    ipc_reply(&answer); /* stale: nobody is left to repeat it */
}
