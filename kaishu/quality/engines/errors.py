"""What keeps rules from being run on another engine."""

from __future__ import annotations

from kaishu.base.errors import Terminal


class KindUnknown(Terminal):
    """A kind of check that compares rows, and that was added without telling how Spark does it."""

    code = "quality.kind-unknown-to-spark"
    zh = "检查“{check}”不能在 Spark 上运行。"
    en = 'The check "{check}" cannot be run on Spark.'
    next_zh = "不加 --engine spark 再试，或把这条规则移到另一个文件。"
    next_en = "Leave out --engine spark, or move the rule to another file."


class SparkMissing(Terminal):
    """The extra with Spark is not installed."""

    code = "quality.spark-missing"
    zh = "没有安装 Spark（需要附加组件 spark 和 Java 17 或更新的版本）。"
    en = "Spark is not installed (it needs the extra spark, and Java 17 or newer)."
    next_zh = "运行 pip install 'kaishu[spark]'，然后再试。"
    next_en = "Run pip install 'kaishu[spark]', and try again."


class SparkUnreachable(Terminal):
    """Spark did not start, or its master does not answer."""

    code = "quality.spark-unreachable"
    zh = "Spark（{master}）没有启动：{reason}"
    en = "Spark ({master}) did not start: {reason}"
    next_zh = "请检查 java -version 是否为 17 或更新的版本，以及 --master 的地址。"
    next_en = "See whether java -version tells 17 or newer, and whether the address after --master is right."


class SparkFailed(Terminal):
    """Spark broke off in the middle of a check."""

    code = "quality.spark-failed"
    zh = "Spark 检查中断：{reason}"
    en = "Spark broke off the check: {reason}"
    next_zh = "请看 Spark 的日志；各台机器都要能在同样的路径读到数据，并装有同一版本的 kaishu。"
    next_en = "See Spark's log; all machines need the data at the same path and the same release of kaishu."
