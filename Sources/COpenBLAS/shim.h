// The only door to OpenBLAS: Debian's build is LP64 and carries LAPACK's Fortran symbols, not LAPACKE.
#ifndef ISOCHRONE_COPENBLAS_SHIM_H
#define ISOCHRONE_COPENBLAS_SHIM_H
#include <cblas.h>

_Static_assert(sizeof(blasint) == 4, "Isochrone expects an LP64 OpenBLAS (32-bit blasint)");

// LU factors of a general matrix and solving with them.
void dgetrf_(const blasint *rows, const blasint *columns, double *matrix, const blasint *stride, blasint *pivots,
             blasint *info);
void dgetrs_(const char *transposition, const blasint *side, const blasint *columns, const double *factors,
             const blasint *stride, const blasint *pivots, double *right, const blasint *rightStride, blasint *info);
// A X = B for a symmetric positive definite A, in one call.
void dposv_(const char *triangle, const blasint *n, const blasint *nrhs, double *a, const blasint *lda, double *b,
            const blasint *ldb, blasint *info);
// A x = b for a symmetric positive definite A: factorisation, and solution with the factor.
void dpotrf_(const char *triangle, const blasint *n, double *a, const blasint *lda, blasint *info);
void dpotrs_(const char *triangle, const blasint *n, const blasint *nrhs, const double *a, const blasint *lda, double *b,
             const blasint *ldb, blasint *info);

#endif
