/* SPDX-License-Identifier: MIT
 *
 * The system's pager: the library, with nothing changed. What it does is in serve.c and the files
 * around it; what another pager may do otherwise is in pager.h. */
#include "user/pager/pager.h"

int main(int argc, char **argv, char **envp)
{
    static const struct pager_config config = {0};

    (void)argc, (void)argv;
    pager_main(envp, &config);
}
