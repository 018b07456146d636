/* SPDX-License-Identifier: MIT
 *
 * df [-hkP] [file]... (POSIX XCU df). There is one file system, the folder of the host. */
#include "user/lib/tool/tool.h"
#include <sys/statvfs.h>
#include <unistd.h>

static int human;

static void print(const char *path)
{
    struct statvfs fs;
    char text[3][24];

    if (statvfs(path, &fs) < 0) {
        tool_warn("%s", path);
        return;
    }
    unsigned long long unit = fs.f_frsize ? fs.f_frsize : fs.f_bsize;
    unsigned long long used = (fs.f_blocks - fs.f_bfree) * unit, available = fs.f_bavail * unit;
    unsigned long long number[3] = {fs.f_blocks * unit, used, available};
    unsigned long long whole = used + available;
    for (int i = 0; i < 3; i++)
        if (human)
            tool_human(text[i], number[i]);
        else
            snprintf(text[i], sizeof(text[i]), "%llu", number[i] / 1024);
    printf("%-10s %12s %12s %12s %7llu%% %s\n", "share", text[0], text[1], text[2],
           whole ? (unsigned long long)((used * 100.0 + (double)whole - 1) / (double)whole) : 0,
           "/");
}

int main(int argc, char **argv)
{
    int option;

    tool_begin(argv, "df [-hkP] [file]...");
    while ((option = getopt(argc, argv, "hkP")) != -1)
        if (option == 'h')
            human = 1;
        else if (option == '?')
            tool_misused();
    printf("%-10s %12s %12s %12s %8s %s\n", "Filesystem", human ? "Size" : "1024-blocks", "Used",
           "Available", "Capacity", "Mounted on");
    if (optind == argc)
        print("/");
    for (int i = optind; i < argc; i++)
        print(argv[i]);
    return tool_end();
}
