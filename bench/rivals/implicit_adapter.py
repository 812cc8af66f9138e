"""implicit's models on the processor, with the parameters that correspond to ours; ridges are not weighted by frequency there."""

import os

import numpy as np
from evaluation import run


def fit(task, train):
    threads = task["threads"]
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    from implicit.als import AlternatingLeastSquares
    from implicit.bpr import BayesianPersonalizedRanking
    from implicit.nearest_neighbours import CosineRecommender

    params = task["params"]
    if task["algorithm"] == "CosineKNN":
        model = CosineRecommender(K=params["top_k"], num_threads=threads)
        model.fit(train, show_progress=False)
        return lambda users: (train[users] @ model.similarity).toarray()
    if task["algorithm"] == "BPRFM":
        model = BayesianPersonalizedRanking(
            factors=params["n_components"],
            iterations=params["train_epochs"],
            num_threads=threads,
            random_state=42,
        )
    else:
        # Its unobserved entries weigh 1, so that confidences are divided by alpha0.
        model = AlternatingLeastSquares(
            factors=params["n_components"],
            alpha=1 / params["alpha0"],
            regularization=params["reg"] * train.shape[0],
            iterations=params["train_epochs"],
            use_cg=params["solver"] == "CG",
            num_threads=threads,
            random_state=42,
        )
    model.fit(train.astype(np.float32), show_progress=False)
    return lambda users: model.user_factors[users] @ model.item_factors.T


run(fit)
