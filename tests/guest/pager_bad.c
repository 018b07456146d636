/* SPDX-License-Identifier: MIT
 *
 * A pager program without the library, that does wrong when the first fault comes, in the way that its
 * policy's text says: crash, spin, wait (for nobody), exit, or mute (it never answers, and takes messages
 * all the same); never: it waits before it serves at all. For tests/guest/with_pager.py.
 *
 * octavo-test: helper */
#include <errno.h>
#include <octavo/ipc.h>
#include <octavo/wired.h>
#include <proto/init.h>
#include <proto/pager.h>
#include <proto/start.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

OCTAVO_WIRED_PROGRAM;

static const char *text_of(char **envp)
{
    while (*envp)
        envp++;
    for (const unsigned long *pair = (const unsigned long *)(envp + 1); pair[0]; pair += 2)
        if (pair[0] == AT_OCTAVO_POLICY)
            return (const char *)pair[1];
    return "";
}

static void do_wrong(const char *how)
{
    if (strcmp(how, "crash") == 0)
        *(volatile char *)strtoul("8", NULL, 0) = 1;
    if (strcmp(how, "spin") == 0)
        for (;;)
            ;
    if (strcmp(how, "wait") == 0) {
        uint32_t never = 0;
        sys_futex_wait((unsigned long)&never, 0, DEADLINE_NEVER);
    }
    if (strcmp(how, "exit") == 0)
        exit(3);
}

/* What servers may and it may not, since it is anybody's program. */
static bool is_trusted(void)
{
    struct message m = {.tag = INIT_SYNCED};

    if (ipc_request(HANDLE_INIT, &m) != -EPERM)
        return true;
    m = (struct message){.tag = INIT_SPAWN, .w = {0x10000, 0, 0, 1}};
    ipc_attach_in(&m, "x", 1);
    ipc_attach_handle(&m, HANDLE_SELF);
    return ipc_request(HANDLE_INIT, &m) != -EPERM;
}

/* A request of with-pager's. */
static void answer(handle_t port, const struct message *request)
{
    static unsigned long badge = 100;
    struct message m = {.token = request->token, .w = {0x10000, 0x20000}};

    if (MSG_LABEL(request->tag) == PAGER_CREATE)
        ipc_attach_handle(&m, (handle_t)sys_right_create(port, badge++, 0));
    ipc_reply(&m);
}

int main(int argc, char **argv, char **envp)
{
    handle_t port = (handle_t)sys_port_create();
    struct message m = {.tag = INIT_REGISTER, .w = {SERVICE_PAGER}};

    (void)argc, (void)argv;
    if (is_trusted())
        return 1;
    if (strcmp(text_of(envp), "never") == 0) /* it does not even begin to serve */
        do_wrong("wait");
    ipc_accept(MSG_MAX_HANDLES);
    ipc_attach_handle(&m, (handle_t)sys_right_create(port, 1, 0));
    ipc_attach_handle(&m, (handle_t)sys_right_create(port, 2, PAGER_NOTIFY_PING));
    if (ipc_request(HANDLE_INIT, &m) < 0)
        return 1;
    for (;;) {
        if (ipc_recv(port, DEADLINE_NEVER, &m) < 0)
            return 2;
        if (MSG_KIND(m.tag) == MSG_KIND_CALL)
            answer(port, &m);
        else if (MSG_KIND(m.tag) == MSG_KIND_FAULT)
            do_wrong(text_of(envp));
        else if (MSG_KIND(m.tag) == MSG_KIND_NOTIFY) {
            m = (struct message){.tag = INIT_PAGER_ALIVE};
            ipc_request(HANDLE_INIT, &m);
        }
    }
}
