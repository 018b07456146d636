/* SPDX-License-Identifier: MIT
 *
 * yes [text...]: the text, or y, again and again. */
#include "user/lib/tool/tool.h"

int main(int argc, char **argv)
{
    tool_begin(argv, "yes [text...]");
    do {
        if (argc < 2)
            fputs("y", stdout);
        for (int i = 1; i < argc; i++)
            printf("%s%s", i > 1 ? " " : "", argv[i]);
    } while (putchar('\n') != EOF && !ferror(stdout));
    return tool_end();
}
