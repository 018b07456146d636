/* SPDX-License-Identifier: MIT
 *
 * fs: the file server. It gives programs a folder of the host, which QEMU shares by virtio-9p.
 *
 *     request.c    what programs ask      io.c attribute.c name.c    the requests
 *     table.c      who holds what         path.c    from a path to a fid      fid.c   their numbers
 *     p9.c wire.c  9P2000.L               transport.c    the device           main.c  starting
 *
 * A few threads do the same: receive a request, ask the host as often as it takes, answer. What comes
 * when all are busy waits at the port. One more thread hears the device. It keeps nothing of a
 * file's content or names: that is the pager's business. It must not wait for a client, and calls
 * nobody but, before it serves, init. */
#include "user/fs/request.h"
#include "user/fs/transport.h"
#include <errno.h>
#include <octavo/thread.h>
#include <octavo/wired.h>
#include <proto/init.h>
#include <string.h>

OCTAVO_WIRED_PROGRAM;

#define FS_DEVICE HANDLE_FIRST /* the virtio-9p device; from init */

static struct worker workers[TRANSPORT_SLOTS];

static void log_text(const char *text)
{
    struct message m = {.tag = INIT_LOG, .w = {strlen(text)}};
    ipc_attach_in(&m, text, strlen(text));
    ipc_request(HANDLE_INIT, &m);
}

/* Gives init the right that all others are made from. It is good at once: who asks waits at the port
 * until the host has answered, and gets EPIPE if it never does. */
static long register_root(handle_t port)
{
    struct message m = {.tag = INIT_REGISTER, .w = {SERVICE_FS}};
    long right = sys_right_create(port, PLACE_ROOT_BADGE, 0);
    if (right < 0)
        return right;
    ipc_attach_handle(&m, (handle_t)right);
    long result = ipc_request(HANDLE_INIT, &m);
    sys_close((handle_t)right);
    return result;
}

/* The share's root is there, and is a folder. */
static int attach(struct p9 *p9)
{
    struct wire_qid qid;
    int result = p9_version(p9);
    if (result == 0)
        result = p9_attach(p9, PATH_ROOT_FID, &qid);
    if (result == 0 && !(qid.type & QID_DIRECTORY))
        result = -ENOTDIR;
    if (result == 0)
        path_setup(qid.path);
    return result;
}

static int serve(void *worker)
{
    request_serve(worker);
}

int main(void)
{
    long port = sys_port_create();
    if (port < 0 || register_root((handle_t)port) < 0)
        return 1;
    int slots = transport_setup(FS_DEVICE);
    int result = slots < 0 ? slots : attach(transport_slot(0));
    if (result < 0) {
        log_text(slots < 0 ? "the virtio-9p device does not work: no files from the host"
                           : "the host does not share its folder: no files from it");
        transport_stop();
        return 0;
    }
    table_setup(PATH_ROOT_FID, path_root());
    for (int i = 0; i < slots; i++)
        workers[i] = (struct worker){.p9 = transport_slot((unsigned)i), .port = (handle_t)port};
    for (int i = 1; i < slots; i++) {
        struct thread *thread;
        if (thread_start_priority(&thread, serve, &workers[i], PRIORITY_DRIVER) != 0)
            log_text("few threads: no memory");
    }
    request_serve(&workers[0]);
}
