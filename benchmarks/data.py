"""A seeded table of made-up residents, as large as wanted: codes, names, dates, numbers, gaps."""

from __future__ import annotations

from pathlib import Path

_PICK = "CREATE MACRO pick(list, i, seed) AS list[1 + (hash(i * 31 + seed) % len(list))::INT]"
_COLUMNS = """
'R' || lpad(i::VARCHAR, 9, '0') AS 编号,
pick(['张','王','李','赵','陈','刘','杨','黄','周','吴'], i, 1)
  || pick(['伟','芳','娜','秀英','敏','静','丽','强','磊','军','洋','勇','艳','杰'], i, 2) AS 姓名,
(hash(i * 7) % 899999 + 100000)::VARCHAR
  || strftime(DATE '1950-01-01' + (hash(i * 3) % 25000)::INT, '%Y%m%d')
  || lpad((hash(i * 5) % 10000)::VARCHAR, 4, '0') AS 身份证号,
pick(['男','女'], i, 3) AS 性别,
strftime(DATE '1950-01-01' + (hash(i * 3) % 25000)::INT, '%Y-%m-%d') AS 出生日期,
'13' || lpad((hash(i * 11) % 1000000000)::VARCHAR, 9, '0') AS 手机,
pick(['北京市','上海市','广州市','深圳市','成都市','杭州市','武汉市','西安市'], i, 4)
  || pick(['朝阳','人民','中山','解放','建设','和平'], i, 5) || '路'
  || (hash(i * 13) % 999 + 1) || '号' AS 住址,
CASE WHEN hash(i * 17) % 20 <> 0 THEN round((hash(i * 19) % 2000000) / 100.0, 2) END AS 月收入,
hash(i * 23) % 120 AS 办事次数,
CASE WHEN hash(i * 29) % 10 <> 0
  THEN pick(['小学','初中','高中','大专','本科','硕士','博士'], i, 6) END AS 学历,
strftime(TIMESTAMP '2020-01-01' + INTERVAL 1 SECOND * (hash(i * 37) % 150000000)::INT,
  '%Y-%m-%d %H:%M:%S') AS 登记时间,
(110000 + (hash(i * 41) % 3000))::VARCHAR AS 区划代码
"""
_THIRTEENTH = ", round(73 + (hash(i * 43) % 62000000) / 1e6, 6) AS 经度"


def make_csv(path: Path, rows: int, *, columns: int = 12, encoding: str = "utf-8") -> None:
    """Write the table with 12 or 13 columns; the same rows for the same arguments."""
    import duckdb

    plain = path if encoding == "utf-8" else path.with_suffix(".utf8")
    chosen = _COLUMNS + (_THIRTEENTH if columns == 13 else "")
    with duckdb.connect() as connection:
        connection.execute(_PICK)
        connection.execute(f"COPY (SELECT {chosen} FROM range({rows}) AS t(i)) TO '{plain}' (HEADER)")
    if plain is path:
        return
    with (
        plain.open(encoding="utf-8", newline="") as source,
        path.open("w", encoding=encoding, newline="") as target,
    ):
        while text := source.read(1 << 20):
            target.write(text)
    plain.unlink()
