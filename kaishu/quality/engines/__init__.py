"""The same rules on machines that share the work; the embedded engine is ``quality.checking``."""

from kaishu.quality.engines.spark import check_on_spark, spark_session

__all__ = ["check_on_spark", "spark_session"]
