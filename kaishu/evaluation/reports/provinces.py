"""Where the provinces stand in a grid of tiles, roughly as on a map of China."""

from __future__ import annotations

#: Short name: (English, column, row); positions are our own arrangement.
PROVINCES = {
    "黑龙江": ("Heilongjiang", 7, 0),
    "内蒙古": ("Inner Mongolia", 4, 1),
    "北京": ("Beijing", 5, 1),
    "辽宁": ("Liaoning", 6, 1),
    "吉林": ("Jilin", 7, 1),
    "新疆": ("Xinjiang", 0, 2),
    "宁夏": ("Ningxia", 3, 2),
    "山西": ("Shanxi", 4, 2),
    "河北": ("Hebei", 5, 2),
    "天津": ("Tianjin", 6, 2),
    "青海": ("Qinghai", 1, 3),
    "甘肃": ("Gansu", 2, 3),
    "陕西": ("Shaanxi", 3, 3),
    "河南": ("Henan", 4, 3),
    "山东": ("Shandong", 5, 3),
    "西藏": ("Xizang", 0, 4),
    "四川": ("Sichuan", 2, 4),
    "重庆": ("Chongqing", 3, 4),
    "湖北": ("Hubei", 4, 4),
    "安徽": ("Anhui", 5, 4),
    "江苏": ("Jiangsu", 6, 4),
    "上海": ("Shanghai", 7, 4),
    "云南": ("Yunnan", 2, 5),
    "贵州": ("Guizhou", 3, 5),
    "湖南": ("Hunan", 4, 5),
    "江西": ("Jiangxi", 5, 5),
    "浙江": ("Zhejiang", 6, 5),
    "广西": ("Guangxi", 3, 6),
    "广东": ("Guangdong", 4, 6),
    "福建": ("Fujian", 5, 6),
    "台湾": ("Taiwan", 6, 6),
    "海南": ("Hainan", 3, 7),
    "澳门": ("Macao", 4, 7),
    "香港": ("Hong Kong", 5, 7),
}
_ENDINGS = ("特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市")
_CODES = {
    "11": "北京", "12": "天津", "13": "河北", "14": "山西", "15": "内蒙古", "21": "辽宁", "22": "吉林",
    "23": "黑龙江", "31": "上海", "32": "江苏", "33": "浙江", "34": "安徽", "35": "福建", "36": "江西",
    "37": "山东", "41": "河南", "42": "湖北", "43": "湖南", "44": "广东", "45": "广西", "46": "海南",
    "50": "重庆", "51": "四川", "52": "贵州", "53": "云南", "54": "西藏", "61": "陕西", "62": "甘肃",
    "63": "青海", "64": "宁夏", "65": "新疆", "71": "台湾", "81": "香港", "82": "澳门",
}  # fmt: skip


def province_of(name: str) -> str | None:
    """Short name of the province that a unit's name or code (GB/T 2260) stands for.

    >>> province_of("广西壮族自治区"), province_of("浙江"), province_of("330000"), province_of("杭州市")
    ('广西', '浙江', '浙江', None)
    """
    name = name.strip()
    if len(name) in (2, 6) and name.isdigit() and name[2:] in ("", "0000"):
        return _CODES.get(name[:2])
    for ending in _ENDINGS:
        if name.endswith(ending) and name[: -len(ending)] in PROVINCES:
            return name[: -len(ending)]
    return name if name in PROVINCES else None
