"""A study in SQLite by Optuna's own hand, as SQL and as Optuna reads it.

    pip install optuna==5.0.0 && python make_optuna_database.py    # optuna5.sql, optuna5.json
"""

import json
import math
import pathlib
import sqlite3
import tempfile

import optuna

HERE = pathlib.Path(__file__).parent


def plain(value):
    """JSON without the numbers that only Python's JSON has."""
    if isinstance(value, float) and not math.isfinite(value):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]
    return value


def main():
    optuna.logging.set_verbosity(optuna.logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/study.db"
        study = optuna.create_study(
            study_name="mixed", storage=f"sqlite:///{path}", direction="maximize",
            sampler=optuna.samplers.RandomSampler(seed=1),
        )
        study.set_metric_names(["ndcg@20"])
        study.set_user_attr("recipe", {"größe": [1, None, 0.5, math.inf]})

        def objective(trial):
            reg = trial.suggest_float("IALS.reg", 1e-4, 0.1, log=True)
            trial.suggest_int("IALS.n_components", 4, 300)
            trial.suggest_categorical("IALS.loss", ["bpr", "warp", None, True, 2.5])
            for step, value in enumerate([math.nan, math.inf, -math.inf, reg]):
                trial.report(value, step)
            trial.set_user_attr("epochs", trial.number)
            if trial.number == 1:
                raise optuna.TrialPruned()
            if trial.number == 2:
                raise ValueError("diverged")
            return reg

        study.optimize(objective, n_trials=4, catch=ValueError)
        study.ask()
        trials = [
            {
                "position": trial.number,
                "state": trial.state.name.lower().replace("fail", "failed"),
                "params": trial.params,
                "userAttributes": trial.user_attrs,
                "intermediateValues": [[step, plain(value)] for step, value in trial.intermediate_values.items()],
            }
            for trial in study.trials
        ]
        dump = "\n".join(sqlite3.connect(path).iterdump())
    (HERE / "optuna5.sql").write_text(dump + "\n")
    (HERE / "optuna5.json").write_text(json.dumps(trials, indent=2) + "\n")


main()
