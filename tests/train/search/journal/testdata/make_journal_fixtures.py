"""Journals across the border, as Optuna sees them; to be run with Optuna 4.9.0 and with 5.0.0.

    deno run tests/train/search/journal/example_study.ts > tests/train/search/journal/testdata/ours.journal
    pip install optuna==4.9.0 && python make_journal_fixtures.py    # optuna4.journal, optuna4.json, ours.json
    pip install optuna==5.0.0 && python make_journal_fixtures.py    # optuna5.journal, optuna5.json, ours.json

A .json file is what Optuna's JournalStorage reads from the journal of that name, NaN and infinities as text; of
ours.journal both versions must read the same, which is checked here. Format them with deno fmt.
"""

import json
import math
import pathlib

import optuna
from optuna.distributions import FloatDistribution
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

HERE = pathlib.Path(__file__).parent


def storage_of(path):
    return JournalStorage(JournalFileBackend(str(path)))


def plain(value):
    """JSON without the numbers that only Python's JSON has."""
    if isinstance(value, float) and not math.isfinite(value):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, (list, tuple)) else value


def read(path):
    """Studies as plain values; times as seconds, because Optuna 4.9 wrote them without an offset."""
    storage = storage_of(path)
    return plain([
        {
            "name": study.study_name,
            "directions": [int(direction) for direction in study.directions],
            "userAttributes": study.user_attrs,
            "systemAttributes": study.system_attrs,
            "trials": [
                {
                    "number": trial.number,
                    "state": trial.state.name.lower().replace("fail", "failed"),
                    "values": trial.values,
                    "params": trial.params,
                    "intermediateValues": sorted(map(list, trial.intermediate_values.items())),
                    "userAttributes": trial.user_attrs,
                    "systemAttributes": trial.system_attrs,
                    "seconds": trial.duration.total_seconds() if trial.duration is not None else None,
                }
                for trial in storage.get_all_trials(study._study_id)
            ],
        }
        for study in storage.get_all_studies()
    ])


def write_study(path):
    """Every operation there is, by Optuna's own hand."""
    path.unlink(missing_ok=True)
    storage = storage_of(path)
    optuna.create_study(study_name="gone", storage=storage)
    study = optuna.create_study(
        study_name="mixed",
        storage=storage,
        direction="maximize",
        sampler=optuna.samplers.TPESampler(seed=1),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=2),
    )
    optuna.delete_study(study_name="gone", storage=storage)
    study.set_user_attr("recipe", {"name": "shop", "größe": [1, None, 0.5]})
    study.set_metric_names(["ndcg@20"])
    study.enqueue_trial({"IALS.reg": 0.01})

    def objective(trial):
        reg = trial.suggest_float("IALS.reg", 1e-4, 0.1, log=True)
        size = trial.suggest_int("IALS.n_components", 4, 300)
        step = trial.suggest_float("IALS.step", 0, 1, step=0.25)
        loss = trial.suggest_categorical("IALS.loss", ["bpr", "warp", None, True, 2.5])
        if trial.number == 4:
            raise ValueError("diverged")
        for epoch in range(5, 20, 5):
            score = math.nan if trial.number == 3 else epoch * reg + size / 1000 + step + (loss == "bpr")
            trial.report(score, epoch)
            if trial.should_prune():
                trial.set_user_attr("epochs", epoch)
                raise optuna.TrialPruned()
        return score

    study.optimize(objective, n_trials=12, catch=ValueError)
    study.add_trial(
        optuna.trial.create_trial(
            value=0.75,
            params={"IALS.reg": 0.05},
            distributions={"IALS.reg": FloatDistribution(1e-4, 0.1, log=True)},
            intermediate_values={5: 0.5, 10: math.inf},
            user_attrs={"added": True},
        )
    )
    both = optuna.create_study(study_name="two values", storage=storage, directions=["minimize", "maximize"])
    both.optimize(lambda trial: (trial.suggest_float("x", -1, 1), -math.inf), n_trials=2)
    study.ask()
    study.enqueue_trial({"IALS.reg": 0.02})


def main():
    optuna.logging.set_verbosity(optuna.logging.CRITICAL)
    name = f"optuna{optuna.__version__[0]}"
    write_study(HERE / f"{name}.journal")
    (HERE / f"{name}.json").write_text(json.dumps(read(HERE / f"{name}.journal"), indent=2) + "\n")
    ours = read(HERE / "ours.journal")
    assert ours, "ours.journal is empty"
    if name == "optuna5":
        assert ours == json.loads((HERE / "ours.json").read_text()), "Optuna 4.9 and 5.0 differ on ours.journal"
    else:
        (HERE / "ours.json").write_text(json.dumps(ours, indent=2) + "\n")


main()
