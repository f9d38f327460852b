#include <stdio.h>
#define LIMIT 3
#define TWICE(x) ((x) * 2)

/* A point. */
struct point {
    int x, y;
};

typedef struct point point_t;
enum color { RED, GREEN };

/* Adds. */
static int add(int a, int b) {
    return a > 0 && b > 0 ? a + b : TWICE(a);
}

char *name_of(struct point *p) {
    printf("%d", p->x);
    return p->vtable->name(p);
}
