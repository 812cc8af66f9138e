"""Records what irspack 0.5 scores on small matrices, for parity_test.ts.

pip install irspack==0.5.2
python make_parity.py > parity.json
"""

import json
import os
import sys

os.environ["IRSPACK_NUM_THREADS_DEFAULT"] = "1"

import irspack
import numpy as np
import scipy.sparse as sps

MATRICES = {
    "binary": [
        [1, 0, 1, 0, 1, 0, 0, 1],
        [1, 1, 0, 0, 1, 0, 0, 0],
        [0, 1, 1, 0, 0, 1, 0, 1],
        [1, 0, 0, 1, 1, 0, 1, 0],
        [0, 0, 1, 1, 0, 1, 0, 1],
        [1, 1, 1, 0, 0, 0, 1, 1],
        [0, 1, 0, 1, 0, 0, 0, 1],
        [0, 0, 1, 0, 1, 1, 0, 1],
        [1, 1, 0, 1, 1, 0, 0, 0],
        [0, 1, 1, 0, 0, 0, 1, 1],
    ],
    "weighted": [
        [2, 0, 1, 0, 5, 0, 0, 1],
        [1, 3, 0, 0, 1, 0, 0, 0],
        [0, 0.5, 1, 0, 0, 4, 0, 2],
        [7, 0, 0, 1, 1.5, 0, 1, 0],
        [0, 0, 2, 1, 0, 1, 0, 3],
        [1, 1, 1, 0, 0, 0, 2, 1],
        [0, 2, 0, 6, 0, 0, 0, 1],
        [0, 0, 1, 0, 3, 1, 0, 2.5],
        [1, 1, 0, 2, 1, 0, 0, 0],
        [0, 4, 1, 0, 0, 0, 1, 1],
    ],
    # A user and an item without anything, two users alike, an item that only one user has.
    "degenerate": [
        [1, 1, 0, 0, 2, 0],
        [1, 1, 0, 0, 2, 0],
        [0, 0, 0, 0, 0, 0],
        [0, 3, 0, 1, 1, 0],
        [1, 0, 0, 0, 0, 4],
        [2, 1, 0, 1, 0, 0],
    ],
}

EXACT = {"n_iter": 1000, "tol": 1e-6}
KNN = [
    {"top_k": 4, "shrinkage": 0.5, "feature_weighting": "NONE"},
    {"top_k": 6, "shrinkage": 2.0, "feature_weighting": "TF_IDF"},
    {"top_k": 6, "shrinkage": 0.0, "feature_weighting": "BM_25"},
]
IALS = {"n_components": 4, "alpha0": 0.3, "reg": 0.02, "nu": 0.8, "train_epochs": 2}

CASES = {
    "TopPop": [{}],
    "CosineKNN": [{**p, "normalize": n} for p in KNN for n in (False, True)],
    "AsymmetricCosineKNN": [{**p, "alpha": a} for p, a in zip(KNN, (0.2, 0.7, 1.0))],
    "JaccardKNN": [{"top_k": 4, "shrinkage": 0.0}, {"top_k": 8, "shrinkage": 1.5}],
    "TverskyIndexKNN": [
        {"top_k": 5, "shrinkage": 0.5, "alpha": 0.3, "beta": 1.2},
        {"top_k": 8, "shrinkage": 0.0, "alpha": 0.0, "beta": 2.0},
    ],
    "CosineUserKNN": [{**p, "normalize": n} for p in KNN for n in (False, True)],
    "AsymmetricCosineUserKNN": [{**KNN[0], "alpha": 0.3}, {**KNN[2], "alpha": 0.8}],
    "P3alpha": [
        # All are kept: among equal weights, rounding decides which ones are cut.
        {"top_k": 8, "alpha": 1.0, "normalize_weight": False},
        {"top_k": 4, "alpha": 1.7, "normalize_weight": True},
    ],
    "RP3beta": [
        {"top_k": 5, "alpha": 1.0, "beta": 0.6, "normalize_weight": False},
        {"top_k": 4, "alpha": 0.6, "beta": 0.3, "normalize_weight": True},
    ],
    "SLIM": [
        {"alpha": 0.05, "l1_ratio": 0.2, "positive_only": True, **EXACT},
        {"alpha": 0.1, "l1_ratio": 0.05, "positive_only": False, **EXACT},
    ],
    "IALS": [
        {**IALS, "solver": "CG", "loss_type": "IALSPP"},
        {**IALS, "solver": "CG", "loss_type": "ORIGINAL", "max_cg_steps": 2},
        {**IALS, "solver": "CHOLESKY", "loss_type": "IALSPP", "nu_star": 1.1},
        {**IALS, "solver": "CHOLESKY", "loss_type": "ORIGINAL", "confidence_scaling": "log", "epsilon": 0.5},
        {**IALS, "solver": "IALSPP", "ialspp_subspace_dimension": 4},
    ],
    "NMF": [
        {"n_components": 3, "alpha": 0.01, "l1_ratio": 0.3},
        {"n_components": 2, "alpha": 0.0, "l1_ratio": 0.0},
    ],
    "DenseSLIM": [{"reg": 1.0}, {"reg": 7.5}],
    "EDLAE": [{"reg": 1.0, "dropout_p": 0.3}, {"reg": 4.0, "dropout_p": 0.1}],
    "TruncatedSVD": [{"n_components": 2}, {"n_components": 4}],
}
RENAMED = {"solver": "solver_type"}
# What irspack has no model of, it gives no scores of: user neighbours.
NO_COLD_USERS = {"CosineUserKNN", "AsymmetricCosineUserKNN"}


def fit(name, params, matrix):
    """The model, and the standard normals that its first factors are made of: users row by row, then items."""
    params = {RENAMED.get(key, key): value for key, value in params.items()}
    users, items = matrix.shape
    if name == "IALS":
        k = params["n_components"]
        normals = np.random.RandomState(7).standard_normal((users + items, k))
        model = irspack.IALSRecommender(matrix, **params)
        model.start_learning()
        factors = (0.1 / np.sqrt(k) * normals).astype(np.float32)
        model.trainer.core_trainer.user = factors[:users]
        model.trainer.core_trainer.item = factors[users:]
        for _ in range(params["train_epochs"]):
            model.run_epoch()
        return model, normals
    if name == "NMF":
        # sklearn's random start draws items first; irspack fits with this seed.
        k = params["n_components"]
        stream = np.random.RandomState(42)
        of_items = stream.standard_normal((k, items)).T
        normals = np.vstack([stream.standard_normal((users, k)), of_items])
        return irspack.NMFRecommender(matrix, init="random", **params).learn(), normals
    return getattr(irspack, f"{name}Recommender")(matrix, **params).learn(), None


def rounded(array):
    return [[float(f"{value:.7g}") for value in row] for row in np.asarray(array).tolist()]


def record(name, params, of):
    matrix = sps.csr_matrix(np.array(MATRICES[of], dtype=np.float64))
    model, normals = fit(name, params, matrix)
    case = {"algorithm": name, "params": params, "matrix": of}
    if normals is not None:
        case["normals"] = [float(f"{value:.9g}") for value in normals.ravel().tolist()]
    case["scores"] = rounded(model.get_score(np.arange(matrix.shape[0])))
    if name not in NO_COLD_USERS:
        newcomers = matrix[::-1, ::-1].tocsr()[:3]
        case["newcomers"] = rounded(newcomers.toarray())
        case["newcomer_scores"] = rounded(model.get_score_cold_user(newcomers))
    for key in ("scores", "newcomer_scores"):
        if key in case and not np.isfinite(case[key]).all():
            raise FloatingPointError("scores are not finite")
    return case


def main():
    cases = []
    for name, settings in CASES.items():
        for params in settings:
            for of in MATRICES:
                try:
                    cases.append(record(name, params, of))
                except Exception as error:
                    print(f"left out: {name} {params} on {of}: {error!r}", file=sys.stderr)
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    matrices = json.dumps(MATRICES, separators=(",", ":"))
    print(f'{{"irspack":"{irspack.__version__}","matrices":{matrices},"cases":[\n{lines}\n]}}')


main()
