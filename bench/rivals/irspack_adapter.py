"""irspack's models, their parameters named as ours."""

import os

from evaluation import run

RENAMED = {"solver": "solver_type"}
DROPPED = {"alpha_on"}


def fit(task, train):
    os.environ["IRSPACK_NUM_THREADS_DEFAULT"] = str(task["threads"])
    import irspack

    params = {
        RENAMED.get(name, name): value
        for name, value in task["params"].items()
        if name not in DROPPED
    }
    model = getattr(irspack, f"{task['algorithm']}Recommender")(train, **params).learn()
    return model.get_score


run(fit)
