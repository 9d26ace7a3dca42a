// Grants while a cluster changes.
#include "support/redis.h"
