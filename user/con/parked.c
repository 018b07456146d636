/* SPDX-License-Identifier: MIT
 *
 * Queues of waiting requests: see parked.h. */
#include "user/con/parked.h"
#include <octavo/server.h>
#include <string.h>

static void parked_drop_stale(struct parked_queue *queue)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < queue->count; i++)
        if (server_waits(queue->entry[i].token))
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

bool parked_answer_first(struct parked_queue *queue, long result, unsigned long word)
{
    unsigned long token = queue->entry[0].token;

    parked_remove_first(queue);
    return server_answer(token, result, word);
}

void parked_restart_first(struct parked_queue *queue, unsigned long direction, unsigned long bytes)
{
    unsigned long token = queue->entry[0].token;

    parked_remove_first(queue);
    int result = server_restart(token, direction, 0, bytes);
    if (result < 0)
        server_answer(token, result, 0);
}
