"""NDCG@20 and seconds of irspack's models on a split; cases in $CASES, the split in the folder of the first argument."""

import json
import os
import sys
import time

import numpy as np
import scipy.sparse as sps
from irspack import (
    CosineKNNRecommender,
    DenseSLIMRecommender,
    EDLAERecommender,
    Evaluator,
    IALSRecommender,
    RP3betaRecommender,
    TopPopRecommender,
    TruncatedSVDRecommender,
)

CLASSES = {
    "IALS": IALSRecommender,
    "CosineKNN": CosineKNNRecommender,
    "RP3beta": RP3betaRecommender,
    "DenseSLIM": DenseSLIMRecommender,
    "EDLAE": EDLAERecommender,
    "TruncatedSVD": TruncatedSVDRecommender,
    "TopPop": TopPopRecommender,
}
FIXED = {"IALS": {"n_threads": os.cpu_count()}}


def read(path):
    with open(f"{path}.json") as file:
        shape = json.load(file)
    values = np.fromfile(f"{path}.values", dtype=np.float32)
    indices = np.fromfile(f"{path}.indices", dtype=np.uint32)
    indptr = np.fromfile(f"{path}.indptr", dtype=np.uint32)
    parts = values.astype(np.float64), indices.astype(np.int32), indptr.astype(np.int32)
    return sps.csr_matrix(parts, shape=shape)


def main(folder):
    fit, held_out = read(f"{folder}/fit"), read(f"{folder}/held_out")
    scores = []
    for case in json.loads(os.environ["CASES"]):
        name = case["algorithm"]
        start = time.perf_counter()
        model = CLASSES[name](fit, **case["params"], **FIXED.get(name, {})).learn()
        ndcg = Evaluator(held_out, offset=0, cutoff=20).get_score(model)["ndcg"]
        scores.append({"ndcg": ndcg, "seconds": time.perf_counter() - start})
    print()
    print(json.dumps(scores))


main(sys.argv[1])
