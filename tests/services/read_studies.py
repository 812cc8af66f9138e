"""What Optuna reads from a storage, as JSON: python read_studies.py STORAGE; a path is a journal."""

import json
import sys

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

[_, storage] = sys.argv
if "://" not in storage:
    storage = JournalStorage(JournalFileBackend(storage))
print(json.dumps([
    {
        "name": study.study_name,
        "direction": study.direction.name,
        "metrics": study.metric_names,
        "best": study.best_trial.user_attrs["search_number"],
        "trials": [
            {
                "state": trial.state.name,
                "trial": trial.user_attrs["search_number"],
                "score": trial.value,
                "algorithm": trial.user_attrs["algorithm"],
                "params": trial.params,
                "curve": len(trial.intermediate_values),
            }
            for trial in study.trials
        ],
    }
    for study in (
        optuna.load_study(study_name=name, storage=storage)
        for name in optuna.get_all_study_names(storage)
    )
]))
