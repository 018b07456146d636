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
#include <octavo/wired.h>
#include <proto/init.h>

OCTAVO_WIRED_PROGRAM;

#define FS_DEVICE HANDLE_FIRST /* the virtio-9p device; from init */

static struct worker workers[TRANSPORT_SLOTS];

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

int main(void)
{
    long port = sys_port_create();
    /* The right that all others are made from. It is good at once: who asks waits at the port until the host
     * has answered, and gets EPIPE if it never does. */
    const struct server_right root = {.badge = PLACE_ROOT_BADGE};
    if (port < 0 || server_register(SERVICE_FS, (handle_t)port, &root, 1) < 0)
        return 1;
    int slots = transport_setup(FS_DEVICE);
    int result = slots < 0 ? slots : attach(transport_slot(0));
    if (result < 0) {
        server_log(slots < 0 ? "the virtio-9p device does not work: no files from the host"
                             : "the host does not share its folder: no files from it");
        transport_stop();
        return 0;
    }
    table_setup(PATH_ROOT_FID, path_root());
    void *context[TRANSPORT_SLOTS];
    for (int i = 0; i < slots; i++) {
        workers[i] = (struct worker){.p9 = transport_slot((unsigned)i), .port = (handle_t)port};
        context[i] = &workers[i];
    }
    server_run_threads(&fs_server, (handle_t)port, context, (unsigned)slots, PRIORITY_DRIVER);
}
