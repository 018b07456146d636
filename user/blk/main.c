/* SPDX-License-Identifier: MIT
 *
 * blk: the block server. It gives its clients a disk, which QEMU has on virtio-blk.
 *
 *     request.c    what clients ask, and which sectors are theirs        disk.c    the device
 *
 * A few threads do the same: receive a request, ask the device, answer. What comes when all are busy
 * waits at the port. One more thread hears the device (user/lib/server/virtio.c). Must not wait for a client,
 * and calls nobody but, before it serves, init: the pager writes its programs' pages here. */
#include "user/blk/disk.h"
#include "user/blk/request.h"
#include <octavo/virtio.h>
#include <octavo/wired.h>
#include <proto/blk.h>
#include <proto/init.h>

OCTAVO_WIRED_PROGRAM;

#define BLK_DEVICE HANDLE_FIRST /* the virtio-blk device; from init */

static struct worker workers[VIRTIO_SLOTS];

int main(void)
{
    long port = sys_port_create();
    if (port < 0)
        return 1;
    int slots = disk_setup(BLK_DEVICE);
    if (slots < 0) {
        server_log("the virtio-blk device does not work: no swap");
        disk_stop();
        return 0;
    }
    request_setup();
    void *context[VIRTIO_SLOTS];
    for (int i = 0; i < slots; i++) {
        workers[i] =
            (struct worker){.port = (handle_t)port, .slot = (unsigned)i, .slots = (unsigned)slots};
        context[i] = &workers[i];
    }
    const struct server_right whole = {.badge = BLK_WHOLE_BADGE};
    if (server_register(SERVICE_BLK, (handle_t)port, &whole, 1) < 0)
        return 1;
    server_run_threads(&blk_server, (handle_t)port, context, (unsigned)slots, PRIORITY_DRIVER);
}
