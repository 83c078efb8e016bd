"""File formats, one a file.  The order here is the order in which they are offered."""

from kaishu.delivery.exporter import register
from kaishu.delivery.formats.csv import CSV
from kaishu.delivery.formats.geojson import GeoJSON
from kaishu.delivery.formats.json import JSON
from kaishu.delivery.formats.ndjson import NDJSON
from kaishu.delivery.formats.parquet import Parquet
from kaishu.delivery.formats.tsv import TSV
from kaishu.delivery.formats.xlsx import XLSX
from kaishu.delivery.formats.xml import XML

BUILT_IN = tuple(
    register(exporter) for exporter in (CSV(), XLSX(), JSON(), NDJSON(), XML(), Parquet(), TSV(), GeoJSON())
)
