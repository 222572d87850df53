"""What kind of question is asked: about another place, the market, or a certain person. Town documents hold none of it.

From general knowledge, written before any figure was taken; how much each cue counts is fitted (``evals/finding_fit``).
"""

import re

CUES = ("elsewhere", "market", "person", "small talk")
_PLACES = (
    "河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 "
    "陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 北京 天津 重庆 石家庄 太原 沈阳 大连 长春 "
    "哈尔滨 南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 昆山 太仓 常熟 张家港 江阴 杭州 "
    "宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 义乌 合肥 芜湖 蚌埠 淮南 马鞍山 安庆 黄山 滁州 阜阳 "
    "六安 亳州 福州 厦门 泉州 莆田 南昌 九江 赣州 济南 青岛 烟台 潍坊 临沂 郑州 洛阳 开封 南阳 商丘 信阳 "
    "周口 驻马店 武汉 宜昌 襄阳 荆州 黄冈 长沙 株洲 湘潭 岳阳 广州 深圳 珠海 佛山 东莞 惠州 海口 三亚 "
    "成都 绵阳 南充 贵阳 遵义 昆明 大理 丽江 西安 咸阳 兰州 西宁 银川 乌鲁木齐 拉萨 呼和浩特 南宁 桂林 "
    "浦东 黄浦 徐汇 长宁 静安 普陀 虹口 杨浦 闵行 宝山 嘉定 金山 青浦 奉贤 崇明 隔壁镇 别的镇 外地那边 "
    "美国 日本 韩国 英国 法国 德国 泰国 新加坡 澳大利亚 加拿大 俄罗斯 国外"
)
_ELSEWHERE = re.compile("|".join(_PLACES.split()))
# People from elsewhere who ask about here, and matters between here and there, are answered.
_FROM_THERE = re.compile("外地|异地|外省|来沪|转到上海|迁到上海|迁上海|到上海|来上海|在上海|人$")
_MARKET = re.compile(
    "多少一(?:斤|克|只|枝|个|平|瓶)|几块一|一(?:斤|平|平米|平方|个平方|克).{0,4}(?:多少|几)|市场价|行情"
    "|租金|房价|股票|基金|油价|金价|贵不贵|划算|划不划|实惠|便宜.{0,2}的是|哪家|哪个牌子|什么牌子|推荐"
    "|靠谱|值多少|能卖多少|赚钱|回本|涨还是跌|会不会(?:再)?[涨跌]|好不好吃|最好吃|口味"
)
_PERSON = re.compile(
    "叫什么名字|住在?哪|住哪里|是谁家|身份告诉|告诉我是谁|谁干的|是不是.{0,6}(?:亲戚|关系|后台)|后台是谁"
    "|判了?几年|关了几天|判给|抓到人?没|第几床|是几床|考了多少|考上没|考了几|面试了没|挂了几"
    "|还剩多少.{0,3}替我|替我查|帮我查一下.{0,6}(?:快递|余额|卡)|哪里人|多大年纪|几岁了|结婚没|离婚了没"
    "|工资多少|拿多少工资"
)
_TALK = re.compile(
    "陪我|讲个笑话|讲笑话|写一份|写副|写首|编个|起个名|算命|星座|天气|下雨吗|几度|穿什么|好看的电影"
    "|电视剧|歌|菜谱|怎么做好吃|怎么烧|怎么炖|作业|翻译"
)


def cues_of(question: str) -> tuple[float, ...]:
    """0 or 1 for each of ``CUES``."""
    elsewhere = _ELSEWHERE.search(question) is not None and _FROM_THERE.search(question) is None
    found = (elsewhere, *(p.search(question) is not None for p in (_MARKET, _PERSON, _TALK)))
    return tuple(float(one) for one in found)
