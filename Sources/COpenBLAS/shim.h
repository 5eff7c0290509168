// The only door to OpenBLAS: Debian's build is LP64 and carries LAPACK's Fortran symbols, not LAPACKE.
#ifndef ISOCHRONE_COPENBLAS_SHIM_H
#define ISOCHRONE_COPENBLAS_SHIM_H
#include <cblas.h>

_Static_assert(sizeof(blasint) == 4, "Isochrone expects an LP64 OpenBLAS (32-bit blasint)");

#endif
