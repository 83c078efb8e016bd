"""Dates in one form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from kaishu.base.errors import Said
from kaishu.quality.checks import Given
from kaishu.quality.cleansing.treatments.calendar import DateForms, read_date
from kaishu.quality.cleansing.treatments.texts import COLUMNS, TextTreatment
from kaishu.quality.cleansing.treatments.treatment import Outcome, by_value, where
from kaishu.quality.days import days_of

if TYPE_CHECKING:
    import polars as pl

_USUAL = DateForms()
_TO = {"iso": "%Y-%m-%d", "compact": "%Y%m%d", "chinese": "%Y年%-m月%-d日"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates(TextTreatment):
    """2020年1月2日, 2020.1.2, 20200102, 二〇二〇年一月二日 and the like become one form.

    Years of the Republic, the lunar calendar, days that do not exist and what can be read in two ways are
    refused; Excel serials, two-digit years and years at the end count only if said.
    """

    kind: ClassVar[str] = "dates"
    zh: ClassVar[str] = "统一日期写法"
    en: ClassVar[str] = "dates in one form"
    parameters: ClassVar = {
        **COLUMNS,
        "to": (
            "iso（默认，2020-01-02）、compact（20200102）或 chinese（2020年1月2日）",
            "iso (default, 2020-01-02), compact (20200102) or chinese (2020年1月2日)",
        ),
        "excel": ("true：数字是 Excel 序号（1900 年起）", "true: numbers are Excel serials from 1900"),
        "two-digit-years": (
            "两位年份到几为 20xx，如 30；更大的为 19xx",
            "two-digit years up to this one are 20xx, such as 30; larger ones 19xx",
        ),
        "year-last": ("dmy 或 mdy：年份在后时的次序", "dmy or mdy: the order where the year is last"),
        "time": ("refuse（默认）或 drop：有时刻时", "refuse (default) or drop: where there is a time of day"),
    }
    to: str = "iso"
    forms: DateForms = _USUAL

    @classmethod
    def read(cls, given: Given) -> Dates:
        short = given.whole("two-digit-years")
        if short is not None and short > 99:
            raise given.wrong("two-digit-years", "应为0到99", "should be 0 to 99")
        forms = DateForms(
            excel=given.flag("excel"),
            short=short,
            year_last=given.choice("year-last", ("dmy", "mdy")),
            drop_time=given.choice("time", ("refuse", "drop"), "refuse") == "drop",
        )
        # Not every text is meant to be a date: the columns have to be named.
        return cls(columns=given.columns(), to=given.choice("to", tuple(_TO), "iso"), forms=forms)

    def treat(self, texts: pl.Series) -> Outcome:
        import polars as pl

        # The two commonest forms without a Python object a cell; all others by their different values.
        usual = texts.str.contains(r"^(\d{8}|\d{4}-\d\d-\d\d)$").fill_null(False)
        days, good = days_of(texts.to_arrow()) if usual.all() else days_of(texts.set(~usual, None).to_arrow())
        fits = pl.Series(good)
        if (fits | texts.is_null()).all():
            return Outcome(self._written(days, fits, texts))
        slow = by_value(texts.set(fits, None), self._convert)
        cells = where(fits, self._written(days, fits, texts), slow.cells)
        return Outcome(cells, slow.refused, slow.why)

    def _written(self, days: Any, fits: pl.Series, texts: pl.Series) -> pl.Series:
        import polars as pl

        dates = pl.Series(days, dtype=pl.Int32).set(~fits, None).cast(pl.Date)
        return where(fits, dates.dt.to_string(_TO[self.to]), texts)

    def _convert(self, text: str) -> str | Said:
        found = read_date(text, self.forms)
        if isinstance(found, Said):
            return found
        return _form(found, self.to)


def _form(day: date, to: str) -> str:
    if to == "iso":
        return day.isoformat()
    return (
        f"{day.year:04}{day.month:02}{day.day:02}"
        if to == "compact"
        else f"{day.year:04}年{day.month}月{day.day}日"
    )
