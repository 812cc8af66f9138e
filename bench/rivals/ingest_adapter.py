"""One file to a sparse matrix, the last row of each pair kept, ids sorted: `ingest_adapter.py pandas|polars PATH`."""

import json
import re
import sys
import time

import numpy as np
import scipy.sparse as sps

IDS = ("user_id", "item_id")


def with_pandas(path):
    import pandas as pd

    if path.endswith(".csv"):
        rows = pd.read_csv(path, dtype={name: str for name in IDS}, parse_dates=["time"])
    else:
        rows = pd.read_parquet(path)
    count = len(rows)
    rows = rows.dropna(subset=list(IDS)).drop_duplicates(list(IDS), keep="last")
    codes = [pd.factorize(rows[name], sort=True)[0] for name in IDS]
    return count, codes, rows["time"].to_numpy()


def with_polars(path):
    import polars as pl

    if path.endswith(".csv"):
        rows = pl.read_csv(path, schema_overrides={name: pl.String for name in IDS}, try_parse_dates=True)
    else:
        rows = pl.read_parquet(path)
    count = len(rows)
    rows = rows.drop_nulls(IDS).unique(IDS, keep="last")
    codes = [rows[name].rank("dense").to_numpy().astype(np.int32) - 1 for name in IDS]
    return count, codes, rows["time"].to_numpy()


def peak_megabytes():
    """`ru_maxrss` would not do: it keeps the peak of the process that started this one."""
    with open("/proc/self/status") as status:
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read())[1]) / 1024


tool, path = sys.argv[1:]
start, processor = time.perf_counter(), time.process_time()
count, (users, items), times = {"pandas": with_pandas, "polars": with_polars}[tool](path)
matrix = sps.csr_matrix((times.astype("datetime64[ms]").astype(np.float64), (users, items)))
print(
    json.dumps(
        {
            "seconds": time.perf_counter() - start,
            "processor": time.process_time() - processor,
            "rows": count,
            "pairs": matrix.nnz,
            "peak": peak_megabytes(),
        }
    )
)
