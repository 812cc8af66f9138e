"""The same work by NumPy and SciPy: a JSON line per figure, of seconds and seconds of all processors.

Usage: numpy_rival.py FOLDER
"""
import json
import sys
import time

import numpy as np
import scipy.sparse as sparse
from scipy.linalg import blas, lapack


def report(what, size, work, runs=5):
    clock, processor = [], []
    for _ in range(runs + 1):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - wall)
        processor.append(time.process_time() - cpu)
    spent = {"seconds": min(clock[1:]), "processor": min(processor[1:])}
    print(json.dumps({"what": what, "size": size, "spent": spent}), flush=True)


def invert_by_cholesky(matrix):
    factor, failed = lapack.spotrf(matrix, lower=1)
    inverse, failed_too = lapack.spotri(factor, lower=1)
    assert failed == 0 and failed_too == 0


folder = sys.argv[1]
sizes = json.load(open(f"{folder}/sizes.json"))
draw = np.random.default_rng(0)
for n in sizes["product"]:
    a = np.asfortranarray(draw.random((n, n), dtype=np.float32))
    b = np.asfortranarray(draw.random((n, n), dtype=np.float32))
    report("gemm", n, lambda: blas.sgemm(1, a, b))
    report("syrk", n, lambda: blas.ssyrk(1, a, trans=1))
for n in sizes["inverse"]:
    side = sizes["side"]
    column = np.asfortranarray(draw.random((n - side, side), dtype=np.float32))
    factor = np.asfortranarray(np.tril(draw.random((side, side), dtype=np.float32)))
    report(
        "triangular product",
        n,
        lambda: [blas.strmm(1, factor, column, side=1, lower=1) for _ in range(2)],
    )
    a = np.asfortranarray(draw.random((n, n), dtype=np.float32))
    a += a.T + 2 * n * np.eye(n, dtype=np.float32)
    report("inverse", n, lambda: invert_by_cholesky(a), 3)

indptr, indices = (
    np.fromfile(f"{folder}/{name}.bin", np.int32) for name in ("indptr", "indices")
)
users, items, k = sizes["users"], sizes["items"], sizes["factors"]
x = sparse.csr_matrix(
    (np.ones(len(indices), np.float32), indices, indptr), (users, items)
)
report("sparse Gram", items, lambda: x.T @ x)
dense = draw.random((items, k), dtype=np.float32)
report("sparse × dense", k, lambda: x @ dense)
