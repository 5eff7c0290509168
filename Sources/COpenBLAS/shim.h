// The only door to OpenBLAS: Debian's build is LP64 and carries LAPACK's Fortran symbols, not LAPACKE.
#ifndef ISOCHRONE_COPENBLAS_SHIM_H
#define ISOCHRONE_COPENBLAS_SHIM_H
#include <cblas.h>
#include <stddef.h>

_Static_assert(sizeof(blasint) == 4, "Isochrone expects an LP64 OpenBLAS (32-bit blasint)");

// Orthogonal factorisation, its factor Q applied, triangular systems, singular values. Fortran adds the lengths of
// character arguments at the end.
void dgeqrf_(const blasint *m, const blasint *n, double *a, const blasint *lda, double *tau, double *work,
             const blasint *lwork, blasint *info);
void dormqr_(const char *side, const char *trans, const blasint *m, const blasint *n, const blasint *k,
             const double *a, const blasint *lda, const double *tau, double *c, const blasint *ldc, double *work,
             const blasint *lwork, blasint *info, size_t sideLength, size_t transLength);
void dtrtrs_(const char *uplo, const char *trans, const char *diag, const blasint *n, const blasint *nrhs,
             const double *a, const blasint *lda, double *b, const blasint *ldb, blasint *info, size_t uploLength,
             size_t transLength, size_t diagLength);
void dgesvd_(const char *jobu, const char *jobvt, const blasint *m, const blasint *n, double *a, const blasint *lda,
             double *s, double *u, const blasint *ldu, double *vt, const blasint *ldvt, double *work,
             const blasint *lwork, blasint *info, size_t jobuLength, size_t jobvtLength);
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
