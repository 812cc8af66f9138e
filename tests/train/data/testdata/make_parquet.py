"""Writes the Parquet files beside it, with pyarrow 26.0.1: files that a writer other than ours has made."""

import datetime
import decimal
import pathlib
import uuid

import pyarrow as pa
import pyarrow.parquet as pq

HERE = pathlib.Path(__file__).parent
UTC = datetime.timezone.utc
WHEN = datetime.datetime(2010, 12, 1, 8, 26, 0, 123456)

types = pa.table({
    "text": pa.array(["007", "", None], pa.string()),
    "category": pa.array(["a", None, "a"]).dictionary_encode(),
    "int32": pa.array([5, None, -7], pa.int32()),
    "int64": pa.array([5, None, -7], pa.int64()),
    "large": pa.array([2**53 + 1, None, 1], pa.int64()),
    "uint32": pa.array([2**32 - 1, None, 0], pa.uint32()),
    "uint64": pa.array([2**64 - 1, None, 0], pa.uint64()),
    "float64": pa.array([13085.0, None, float("nan")], pa.float64()),
    "float32": pa.array([0.5, None, -1e-7], pa.float32()),
    "huge": pa.array([1e21, None, float("inf")], pa.float64()),
    "decimal": pa.array([decimal.Decimal("123.45"), None, decimal.Decimal("-0.10")], pa.decimal128(9, 2)),
    "boolean": pa.array([True, None, False]),
    "date": pa.array([WHEN.date(), None, datetime.date(1969, 12, 31)]),
    "time_s": pa.array([WHEN, None, WHEN], pa.timestamp("s")),
    "time_ms": pa.array([WHEN, None, WHEN], pa.timestamp("ms", "UTC")),
    "time_us": pa.array([WHEN, None, WHEN], pa.timestamp("us")),
    "time_ns": pa.array([WHEN, None, WHEN], pa.timestamp("ns", "UTC")),
    "time_of_day": pa.array([WHEN.time(), None, WHEN.time()], pa.time64("us")),
    "uuid": pa.array([uuid.UUID(int=1).bytes, None, uuid.UUID(int=2).bytes], pa.uuid()),
    "bytes": pa.array([b"ab", None, b"cd"], pa.binary(2)),
    "list": pa.array([[1, 2], None, []], pa.list_(pa.int32())),
    "struct": pa.array([{"a": 1}, None, {"a": 2}]),
})
pq.write_table(types, HERE / "types.parquet")
pq.write_table(types.select(["time_ns"]), HERE / "int96.parquet", use_deprecated_int96_timestamps=True)
pq.write_table(pa.table({"user": pa.array([b"a", b"\xff"], pa.binary())}), HERE / "not_utf8.parquet")

pairs = pa.table({
    "user": [f"u{i % 7}" for i in range(1000)],
    "item": [i % 11 for i in range(1000)],
})
for codec in ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]:
    for version in ["1.0", "2.0"]:
        pq.write_table(
            pairs,
            HERE / f"{codec}_{version[0]}.parquet",
            compression=codec,
            data_page_version=version,
            row_group_size=400,
            use_dictionary=["user"],
            write_page_checksum=codec == "none",
        )
