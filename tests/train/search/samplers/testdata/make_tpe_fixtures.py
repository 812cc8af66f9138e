"""Writes what Optuna's TPESampler suggests, to the JSON file beside this one that is named by Optuna's version.

    pip install optuna==4.9.0 && python make_tpe_fixtures.py    # tpe49.json
    pip install optuna==5.0.0 && python make_tpe_fixtures.py    # tpe50.json
    deno fmt .

Equal observations are sorted in their order here. Optuna leaves it to numpy's default sort, which is not stable and
whose order among equals depends on the processor; so do, in Optuna, the suggestions for integers that repeat. With
--numpy-sort those of Optuna 4.9 are made with the default sort and compared with the file instead of written: without
repeated integers they are the same. With the variable NPY_DISABLE_CPU_FEATURES="X86_V3 X86_V4" they differ again.
"""

import json
import math
import pathlib
import sys

import numpy as np
import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers import TPESampler
from optuna.samplers._tpe import parzen_estimator
from optuna.trial import TrialState

HERE = pathlib.Path(__file__).parent


class StableNumpy:
    def __getattr__(self, name):
        return getattr(np, name)

    def argsort(self, values):
        return np.argsort(values, kind="stable")


def distribution(dimension):
    if dimension["type"] == "categorical":
        return CategoricalDistribution(dimension["choices"])
    kind = FloatDistribution if dimension["type"] == "float" else IntDistribution
    return kind(dimension["low"], dimension["high"], log=dimension.get("log", False))


def number(low, high, kind="float", log=False):
    return {"type": kind, "low": low, "high": high, **({"log": True} if log else {})}


def choice(*choices):
    return {"type": "categorical", "choices": choices}


def branin(n, x, y):
    return -((y - 0.129 * x * x + 1.6 * x - 6) ** 2 + 9.6 * math.cos(x) + 10)


def ridge(n, reg, alpha0):
    return 0.3 - 0.01 * (math.log(reg / 3e-3) ** 2 + 0.3 * math.log(alpha0 * reg / 1e-4) ** 2)


def neighbours(n, top_k, n_components, power):
    return math.exp(-abs(math.log(top_k / 120))) - 0.05 * math.log2(n_components / 48) ** 2 - 0.1 * abs(power - 3)


def mixed(n, weighting, normalize, shrinkage, factors):
    """Every fifth trial is pruned, after 0 to 3 scores of which some are NaN; every 17th fails."""
    score = {"NONE": 0.1, "TF_IDF": 0.3, "BM_25": 0.25}[weighting] + 0.05 * normalize
    score -= abs(shrinkage - 250) / 4000 + 0.02 * abs(math.log(factors / 20))
    if n % 17 == 16:
        return None
    if n % 5 == 4:
        curve = [score * epoch / 4 for epoch in range(n // 5 % 4)]
        return [math.nan if n % 3 == 0 and epoch == n // 5 % 4 - 1 else value for epoch, value in enumerate(curve)]
    return score


CASES = [
    ("two floats", 42, branin, {"x": number(-5.0, 10.0), "y": number(0.0, 15.0)}),
    ("two log floats", 7, ridge, {"reg": number(1e-4, 1e-1, log=True), "alpha0": number(3e-3, 1.0, log=True)}),
    (
        "ints and a log int",
        0,
        neighbours,
        {
            "top_k": number(4, 1000, "int"),
            "n_components": number(1, 512, "int", log=True),
            "power": number(0, 6, "int"),
        },
    ),
    (
        "categorical mix with pruned and failed trials",
        2**32 - 1,
        mixed,
        {
            "weighting": choice("NONE", "TF_IDF", "BM_25"),
            "normalize": choice(False, True),
            "shrinkage": number(0.0, 1000.0),
            "factors": number(4, 300, "int", log=True),
        },
    ),
]


def run(seed, objective, space, trials):
    """Asks for trials one after another: [state, values, score of a complete trial or scores of a pruned one]."""
    study = optuna.create_study(direction="maximize", sampler=TPESampler(seed=seed))
    distributions = {name: distribution(dimension) for name, dimension in space.items()}
    rows = []
    for n in range(trials):
        trial = study.ask()
        params = {name: trial._suggest(name, each) for name, each in distributions.items()}
        values = list(params.values())
        result = objective(n, **params)
        if isinstance(result, list):
            curve = [None if math.isnan(score) else round(score, 6) for score in result]
            rows.append(["pruned", values, curve])
            for epoch, score in enumerate(curve):
                trial.report(math.nan if score is None else score, epoch)
            study.tell(trial, state=TrialState.PRUNED)
        elif result is None:
            rows.append(["failed", values])
            study.tell(trial, state=TrialState.FAIL)
        else:
            rows.append(["complete", values, round(result, 6)])
            study.tell(trial, round(result, 6))
    return rows


STATES = {
    "complete": TrialState.COMPLETE,
    "pruned": TrialState.PRUNED,
    "failed": TrialState.FAIL,
    "running": TrialState.RUNNING,
}


def suggestions(history, space, seeds):
    """The next suggestion after one history, by seed."""
    distributions = {name: distribution(dimension) for name, dimension in space.items()}
    rows = []
    for seed in seeds:
        study = optuna.create_study(direction="maximize", sampler=TPESampler(seed=seed))
        for state, values, *result in history:
            curve = result[0] if state == "pruned" else []
            study.add_trial(
                optuna.trial.create_trial(
                    state=STATES[state],
                    value=result[0] if state == "complete" else None,
                    params=dict(zip(space, values)),
                    distributions=distributions,
                    intermediate_values={
                        epoch: math.nan if score is None else score for epoch, score in enumerate(curve)
                    },
                )
            )
        trial = study.ask()
        rows.append([trial._suggest(name, each) for name, each in distributions.items()])
    return rows


def next_suggestions():
    """The mix after 60 trials, every tenth of which still runs; in the stable order and in numpy's."""
    _, seed, objective, space = CASES[3]
    history = run(seed, objective, space, 60)
    history = [["running", row[1]] if n % 10 == 9 else row for n, row in enumerate(history)]
    stable = suggestions(history, space, range(200))
    parzen_estimator.np = np
    return {
        "space": space,
        "history": history,
        "suggestions": stable,
        "unpatched": suggestions(history, space, range(200)),
    }


def same(a, b):
    """Equal but for 1e-9 of each number."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-9)
    return a == b


def compare(made, recorded):
    for case, before in zip(made, recorded):
        pairs = list(zip(case["trials"], before["trials"]))
        first = next((n for n, pair in enumerate(pairs) if not same(*pair)), len(pairs))
        print(f"{case['name']}: the first {first} of {len(pairs)} suggestions are the same")


def main():
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    numpy_sort = "--numpy-sort" in sys.argv
    if not numpy_sort:
        parzen_estimator.np = StableNumpy()
    if optuna.__version__.startswith("5."):
        path = HERE / "tpe50.json"
        made = next_suggestions()
    else:
        path = HERE / "tpe49.json"
        made = [
            {"name": name, "seed": seed, "space": space, "trials": run(seed, objective, space, 200)}
            for name, seed, objective, space in CASES
        ]
    text = json.dumps(made, separators=(",", ":")) + "\n"
    if numpy_sort:
        compare(json.loads(text), json.loads(path.read_text()))
    else:
        path.write_text(text)


main()
