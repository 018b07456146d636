/* SPDX-License-Identifier: MIT
 *
 * See say.h. */
#include "user/pager/base/say.h"
#include <octavo/ipc.h>
#include <proto/init.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* The message page may hold an answer that is being made: what a call changes is put back. */
void say(const char *format, ...)
{
    enum { HEAD = offsetof(struct msg_page, item) };
    char text[200], kept[HEAD];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    struct message m = {.tag = INIT_LOG, .w = {strlen(text)}};
    memcpy(kept, msg_page(), HEAD);
    ipc_attach_in(&m, text, m.w[0]);
    ipc_call(HANDLE_INIT, &m);
    memcpy(msg_page(), kept, HEAD);
}
