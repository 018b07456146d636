/* SPDX-License-Identifier: MIT
 *
 * Rlerror's numbers are those of Linux (asm-generic/errno.h); picolibc has its own. */
#include "user/fs/p9.h"
#include <errno.h>

/* Up to 34 both are the same. */
#define LINUX_SAME_MAX 34u

int p9_errno(uint32_t number)
{
    static const struct {
        uint8_t linux_number;
        uint8_t number;
    } table[] = {
        {35, EDEADLK},       {36, ENAMETOOLONG},  {37, ENOLCK},   {38, ENOSYS},    {39, ENOTEMPTY},
        {40, ELOOP},         {61, ENODATA},       {62, ETIME},    {71, EPROTO},    {75, EOVERFLOW},
        {84, EILSEQ},        {95, EOPNOTSUPP},    {105, ENOBUFS}, {107, ENOTCONN}, {110, ETIMEDOUT},
        {111, ECONNREFUSED}, {113, EHOSTUNREACH}, {116, ESTALE},  {122, EDQUOT},
    };

    if (number == 0)
        return EIO; /* an error that is none */
    if (number <= LINUX_SAME_MAX)
        return (int)number;
    for (unsigned i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].linux_number == number)
            return table[i].number;
    return EIO;
}
