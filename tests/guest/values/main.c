/* SPDX-License-Identifier: MIT
 *
 * octavo-test: helper
 * values FILE SEED SCALE SECTION: writes the lines of a section to the file (see values.h). SEED is where
 * the drawn cases start; SCALE times as many as usual are drawn. The first line says which library it
 * is. A section that dies leaves the lines before, and the number of the signal: that is the last line then. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif
#include "draw.h"
#include "values.h"

/* A section takes one or two; what does not end is told as a death. */
#define SECONDS 40

#define SECTION(name)     \
    {                     \
#name, run_##name \
    }

static const struct section sections[] = {
    SECTION(rounding), SECTION(exact),    SECTION(elementary), SECTION(powers), SECTION(gamma),
    SECTION(bessel),   SECTION(complex),  SECTION(fenv),       SECTION(printf), SECTION(wprintf),
    SECTION(scanf),    SECTION(wscanf),   SECTION(strtod),     SECTION(strtol), SECTION(calendar),
    SECTION(strftime), SECTION(strptime), SECTION(bytes),      SECTION(wide),   SECTION(multibyte),
    SECTION(sorting),  SECTION(regex),    SECTION(fnmatch),
};

static void died(int number)
{
    put("\ndied with signal: %i\n", number);
    put_flush();
    _exit(1);
}

static void say_library(void)
{
#ifdef __GLIBC__
    put("glibc %s\n", gnu_get_libc_version());
#else
    put("other\n");
#endif
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 5 && i < COUNT(sections); i++) {
        if (strcmp(sections[i].name, argv[4]) != 0)
            continue;
        put_fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0644);
        draw_seed = (uint64_t)atol(argv[2]);
        draw_scale = atol(argv[3]);
        signal(SIGSEGV, died);
        signal(SIGBUS, died);
        signal(SIGABRT, died);
        signal(SIGILL, died);
        signal(SIGALRM, died);
        alarm((unsigned)(SECONDS * draw_scale));
        say_library();
        sections[i].run();
        put("end\n");
        put_flush();
        return close(put_fd) == 0 ? 0 : 2;
    }
    static const char usage[] = "usage: values FILE SEED SCALE SECTION; sections:\n";
    (void)!write(STDERR_FILENO, usage, sizeof(usage) - 1);
    for (size_t i = 0; i < COUNT(sections); i++) {
        (void)!write(STDERR_FILENO, sections[i].name, strlen(sections[i].name));
        (void)!write(STDERR_FILENO, "\n", 1);
    }
    return 2;
}
