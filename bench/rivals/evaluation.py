"""Reading the split, and Recall@20 and NDCG@20 with all items ranked and those of the training half left out."""

import json
import resource
import sys
import time

import numpy as np
import pyarrow.parquet as pq
import scipy.sparse as sps

CUTOFF = 20


def read_split(folder):
    halves = []
    for part in ("train", "test"):
        table = pq.read_table(f"{folder}/gowalla_{part}.parquet")
        halves.append([table[name].to_numpy() for name in ("user_id", "item_id")])
    shape = [max(half[axis].max() for half in halves) + 1 for axis in (0, 1)]
    matrices = []
    for users, items in halves:
        matrix = sps.csr_matrix((np.ones(len(users)), (users, items)), shape=shape)
        matrix.sum_duplicates()
        matrix.data[:] = 1
        matrices.append(matrix)
    return matrices


def evaluate(score, train, test):
    """`score(users)` gives a dense block of scores."""
    recall, gain, count = 0.0, 0.0, 0
    discounts = 1 / np.log2(np.arange(2, CUTOFF + 2))
    everyone = np.flatnonzero(np.diff(test.indptr))
    for users in np.array_split(everyone, max(1, len(everyone) // 512)):
        scores = np.array(score(users), dtype=np.float64)
        rows, columns = train[users].nonzero()
        scores[rows, columns] = -np.inf
        best = np.argpartition(-scores, CUTOFF, axis=1)[:, :CUTOFF]
        order = np.argsort(-np.take_along_axis(scores, best, axis=1), axis=1, kind="stable")
        best = np.take_along_axis(best, order, axis=1)
        for user, items in zip(users, best):
            own = test.indices[test.indptr[user] : test.indptr[user + 1]]
            hits = np.isin(items, own)
            recall += hits.sum() / len(own)
            gain += (hits * discounts).sum() / discounts[: len(own)].sum()
            count += 1
    return recall / count, gain / count


def run(fit):
    """`fit(task, train)` gives a function that scores; the task is the first argument, as JSON."""
    task = json.loads(sys.argv[1])
    train, test = read_split(task["data"])
    start = time.perf_counter()
    score = fit(task, train)
    seconds = time.perf_counter() - start
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    recall, ndcg = evaluate(score, train, test)
    print()
    print(json.dumps({"recall": recall, "ndcg": ndcg, "seconds": seconds, "megabytes": megabytes}))
