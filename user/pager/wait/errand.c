/* SPDX-License-Identifier: MIT
 *
 * See errand.h. */
#include "user/pager/wait/errand.h"
#include <octavo/ipc.h>
#include <proto/init.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "user/pager/base/pool.h"
#include "user/pager/wait/io.h"

struct errand {
    struct io_job job;
    bool synced;   /* init is to be told */
    char text[96]; /* to be said, or "" */
};
static struct pool errand_pool = POOL(struct errand);

static void run(struct io_job *job, uint8_t *buffer)
{
    struct errand *e = (struct errand *)job;

    (void)buffer;
    if (e->synced) {
        struct message m = {.tag = INIT_SYNCED};
        ipc_request(HANDLE_INIT, &m);
    }
    if (e->text[0]) {
        struct message m = {.tag = INIT_LOG, .w = {strlen(e->text)}};
        ipc_attach_in(&m, e->text, m.w[0]);
        ipc_request(HANDLE_INIT, &m);
    }
}

static void done(struct io_job *job)
{
    pool_free(&errand_pool, job, NULL);
}

static void told(struct io_job *job)
{
    (void)job;
}

void errand_synced(void)
{
    static struct errand synced = {.job = {.run = run, .done = told}, .synced = true};

    io_submit(&synced.job, IO_FILE);
}

void errand_log(const char *format, ...)
{
    struct errand *e = pool_alloc(&errand_pool, NULL);
    va_list arguments;

    if (!e)
        return;
    *e = (struct errand){.job = {.run = run, .done = done}};
    va_start(arguments, format);
    vsnprintf(e->text, sizeof(e->text), format, arguments);
    va_end(arguments);
    io_submit(&e->job, IO_FILE);
}
