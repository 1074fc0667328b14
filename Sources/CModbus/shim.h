#ifndef EDGE_CMODBUS_SHIM_H
#define EDGE_CMODBUS_SHIM_H

// libmodbus, and its error numbers in a form that Swift can read: they are sums of a macro and an
// enumeration there, which the importer skips.

#include <modbus.h>

// The meter's exception code if errno says so, else 0.
static inline int edge_modbus_exception(int error)
{
    return error > MODBUS_ENOBASE && error <= EMBXGTAR ? error - MODBUS_ENOBASE : 0;
}

// Whether errno says that an answer came and could not be used.
static inline int edge_modbus_is_damaged(int error)
{
    return error >= EMBBADCRC && error <= EMBBADSLAVE;
}

// The errno for more data than a frame can hold.
static inline int edge_modbus_too_much_data(void)
{
    return EMBMDATA;
}

#endif
