"""ydata-profiling, minimal, of the Parquet files of a folder; no HTML."""

# /// script
# dependencies = ["ydata-profiling==4.18.4", "setuptools<81", "pyarrow==26.0.1"]
# ///
from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import pandas as pd
from ydata_profiling import ProfileReport


def main(folder: Path) -> None:
    """Print CPU seconds and peak."""
    began = time.process_time()
    frame = pd.concat([pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))])
    ProfileReport(frame.drop(columns="_id"), minimal=True, progress_bar=False).to_json()
    spent = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": spent, "peak": peak}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
