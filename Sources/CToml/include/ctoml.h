#ifndef X
#define X
#ifdef __cplusplus
extern "C" {
#endif
int edge_toml_version(void);
#ifdef __cplusplus
}
#endif
#endif
