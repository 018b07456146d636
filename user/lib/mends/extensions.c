/* SPDX-License-Identifier: MIT
 *
 * <stdio_ext.h>: only 1.8.12 has __fseterr, none has __fpurge. */
#include <stdio_ext.h>
#include "user/lib/mends/stream.h"

void __fpurge(FILE *file)
{
    struct __file_bufio *b = stream_buffer(file);

    stream_lock(file);
    file->unget = 0;
    if (b)
        b->len = b->off = 0;
    stream_unlock(file);
}

void __fseterr(FILE *file)
{
    stream_fail(file);
}
