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
#include <octavo/ipc.h>
#include <octavo/thread.h>
#include <octavo/virtio.h>
#include <octavo/wired.h>
#include <proto/blk.h>
#include <proto/init.h>
#include <string.h>

OCTAVO_WIRED_PROGRAM;

#define BLK_DEVICE HANDLE_FIRST /* the virtio-blk device; from init */

static struct worker workers[VIRTIO_SLOTS];

static void log_text(const char *text)
{
    struct message m = {.tag = INIT_LOG, .w = {strlen(text)}};
    ipc_attach_in(&m, text, strlen(text));
    ipc_request(HANDLE_INIT, &m);
}

static long register_whole(handle_t port)
{
    struct message m = {.tag = INIT_REGISTER, .w = {SERVICE_BLK}};
    long right = sys_right_create(port, BLK_WHOLE_BADGE, 0);
    if (right < 0)
        return right;
    ipc_attach_handle(&m, (handle_t)right);
    long result = ipc_request(HANDLE_INIT, &m);
    sys_close((handle_t)right);
    return result;
}

static int serve(void *worker)
{
    request_serve(worker);
}

int main(void)
{
    long port = sys_port_create();
    if (port < 0)
        return 1;
    int slots = disk_setup(BLK_DEVICE);
    if (slots < 0) {
        log_text("the virtio-blk device does not work: no swap");
        disk_stop();
        return 0;
    }
    request_setup();
    for (int i = 0; i < slots; i++)
        workers[i] =
            (struct worker){.port = (handle_t)port, .slot = (unsigned)i, .slots = (unsigned)slots};
    for (int i = 1; i < slots; i++) {
        struct thread *thread;
        if (thread_start_priority(&thread, serve, &workers[i], PRIORITY_DRIVER) != 0)
            log_text("few threads: no memory");
    }
    if (register_whole((handle_t)port) < 0)
        return 1;
    request_serve(&workers[0]);
}
