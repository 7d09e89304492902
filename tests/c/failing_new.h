#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/* From now on `successes` allocations of this thread by C++ succeed, and then one fails. Negative: none fails. */
void fail_after(long successes);
/* 1 when one has failed since. */
int has_failed(void);

#ifdef __cplusplus
}
#endif
