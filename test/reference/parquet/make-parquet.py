"""Writes the Parquet fixtures of src/data/read/parquet.test.ts. Needs pyarrow (made with 25.0.1)."""

import datetime
import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

folder = pathlib.Path(__file__).parent
alloys = pa.table(
    {
        "formula": pa.array(["CoCrFeNi", "AlCoCrFeNi", None, "TiVNbMo"], pa.string()),
        "hardness_HV": pa.array([130.5, None, 480.0, 505.25], pa.float64()),
        "test_temperature_C": pa.array([25, 25, 600, -196], pa.int64()),
        "single_phase": pa.array([True, True, False, None], pa.bool_()),
        "measured_on": pa.array([datetime.date(2020, 2, day) for day in (1, 2, 3, 29)], pa.date32()),
        "youngs_modulus_GPa": pa.array([200.5, 190.25, None, 120.0], pa.float32()),
    }
)
pq.write_table(alloys, folder / "alloys.parquet", compression="snappy")
pq.write_table(alloys, folder / "alloys-gzip.parquet", compression="gzip")
nested = pa.table({"formula": ["CoCrFeNi"], "phases": pa.array([["FCC", "B2"]], pa.list_(pa.string()))})
pq.write_table(nested, folder / "nested.parquet", compression="none")
