#ifndef EDGE_CGPIOD_H
#define EDGE_CGPIOD_H
const char *edge_gpio_version(void);
#endif
