"""Dialect and fillers of speech become the words of documents; standard Chinese stays as it is."""

import pytest

from knowledge.dialect import plainly


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("迭张表啥地方拿", "这张表哪里拿"),
        ("阿拉屋里向漏水,好叫伊来修伐", "我们家里漏水,好叫他来修吗"),
        ("卖水产额大盆摆到上街沿", "卖水产的大盆摆到人行道"),
        ("嗯,那个,就是说,物业费怎么交", "物业费怎么交"),
        ("要勿要钞票", "要不要钱"),
    ],
)
def test_dialect_is_put_into_standard_chinese(said: str, meant: str) -> None:
    assert plainly(said) == meant


@pytest.mark.parametrize(
    "said", ["公积金余额怎么查", "伊利牛奶过期了", "那个路口", "居住证怎么办", "嗯", "", "12345 app", "采伐树木要批吗"]
)
def test_standard_chinese_stays(said: str) -> None:
    assert plainly(said) == said
