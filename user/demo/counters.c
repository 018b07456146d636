/* SPDX-License-Identifier: MIT
 *
 * counters: a parent and its child, made by fork, count each in two places: in memory they share
 * (MAP_SHARED | MAP_ANONYMOUS), and in memory that is private to each. Status 0: the shared counter has
 * what both counted, the private ones what each did. */
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 10000

static int private_counter = 5; /* both begin with it, in one frame, until one writes */

int main(void)
{
    atomic_int *shared =
        mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int status;

    if (shared == MAP_FAILED) {
        perror("mmap");
        return 1;
    }
    pid_t child = fork();
    if (child < 0) {
        perror("fork");
        return 1;
    }
    int rounds = child ? ROUNDS : 2 * ROUNDS;
    for (int i = 0; i < rounds; i++) {
        atomic_fetch_add(shared, 1);
        private_counter++;
    }
    if (child == 0) {
        printf("child:  private counter %d\n", private_counter);
        fflush(stdout);
        _exit(private_counter != 5 + 2 * ROUNDS);
    }
    if (waitpid(child, &status, 0) != child)
        return 1;
    printf("parent: private counter %d\nboth:   shared counter  %d\n", private_counter, *shared);
    return status != 0 || private_counter != 5 + ROUNDS || *shared != 3 * ROUNDS;
}
