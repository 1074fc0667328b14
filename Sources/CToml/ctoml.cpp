#include "ctoml.h"
#include <toml++/toml.h>
#include <string>
int edge_toml_version(void) { auto r = toml::parse(std::string_view("a=1")); return (int)r.size(); }
