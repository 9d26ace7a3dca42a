// What only a store on a Redis meets.
#include "support/redis.h"
