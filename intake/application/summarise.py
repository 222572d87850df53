"""Read time, place, object and demand (时间、地点、对象、诉求) from what was typed, and what to ask next (pure)."""

import re
from dataclasses import dataclass

ELEMENTS = ("时间", "地点", "对象", "诉求")

_NUM = r"[0-9０-９一二三四五六七八九十两几半]+"
_TIME = re.compile(
    rf"(?:{_NUM}年)?{_NUM}月(?:{_NUM}[日号])?(?:[上下]午|早上|晚上|凌晨|中午|夜里)?"
    rf"|(?:今天|昨天|前天|昨晚|今早|今晚|前几天|这几天|这两天|最近|近期|近来|刚才|刚刚|刚|现在|目前|一直|长期|经常|常年|每天|天天|每晚|每周|周末"
    rf"|上周|上个?月|上星期|这周|这个?月|去年|今年|前年|半夜|深夜|凌晨|夜里|晚上|早上|清早|下午|上午|中午|傍晚|白天"
    rf"|早晚?高峰|晚高峰|上下班时?|放学时?)(?:[上下]午|早上|晚上|凌晨|中午|夜里|半夜|深夜|傍晚|开始|以来)?(?:{_NUM}点(?:半|多|钟)?)?"
    rf"|(?:星期|周|礼拜)[一二三四五六日天]"
    rf"|{_NUM}点(?:半|多|钟)?|{_NUM}个?多?(?:年(?!级)|月|星期|礼拜|周|天|小时|分钟)多?(?:了|以来|前)?|几天(?:了|以来|前)?"
)
_PLACE_TAIL = (
    r"小区|花苑|家园|公寓|新村|新苑|名苑|佳苑|花园|雅苑|华庭|公馆|别墅|社区|居委|村委|村|弄|号楼|路口|路|街|大道|高架|桥|公园|广场"
    r"|菜场|菜市场|地铁站|公交站|工业区|园区|大厦"
)
_NO_NAME = "[马走修道公铁网线电出半一条问思套逛]"  # 马路 and 网路 name no place
_PLACE = re.compile(rf"[一-鿿A-Za-z0-9０-９]{{1,12}}?(?<!{_NO_NAME})(?:{_PLACE_TAIL})(?:[0-9０-９]+[弄号])?")
_HOUSE = re.compile(r"[一-鿿]{1,6}[路街]?[0-9０-９]+(?:弄|号|栋|幢|单元)")
_OBJECTS = (
    "物业公司|物业|业委会|居委会|居委|开发商|施工队|施工方|工地|房东|中介|二房东|租客|邻居|楼上|楼下|隔壁|商家|店家|老板|摊贩|摊主|小贩|饭店|烧烤店"
    "|餐馆|超市|理发店|健身房|培训机构|幼儿园|学校|老师|医院|医生|公司|工厂|厂家|单位|快递|外卖|司机|出租车|公交车|渣土车|大货车|货车|卡车|电瓶车|电动车"
    "|共享单车|机动车|车辆|僵尸车|群租房|群租|违章建筑|违建|阳光房|棚子|垃圾箱|垃圾桶|垃圾|建筑垃圾|路灯|井盖|窨井|污水|下水道|水管|自来水|燃气|煤气|电梯|门禁"
    "|道闸|消防通道|楼道|绿化|树枝|树木|大树|树|草坪|野狗|流浪狗|流浪猫|狗|猫|老鼠|蚊子|蟑螂|噪音|噪声|油烟|异味|臭味|广场舞|音响|空调外机|充电桩|飞线|路面|人行道"
    "|红绿灯|信号灯|路牌|护栏|河道|河水|墙面|屋顶|外墙|工资|押金|房租|物业费|停车费|补贴|养老金|社保|医保|居住证|户口|身份证|老人|孩子|小孩|积水|停车|车位|设摊|摆摊|地摊|施工"
)
_OBJECT = re.compile(_OBJECTS)
_DEMAND = re.compile(
    r"(?:希望|要求|请求|恳请|麻烦|想问|想咨询|咨询|请问|想知道|问一下|问问|建议|投诉|举报|反映|求助|能不能|可不可以|可以不可以|能否|是否|什么时候|啥时候|几时"
    r"|怎么办|怎么[申办反处交]|如何|哪里|归谁|谁来|谁管|有没有人|该找|要不要|请[你贵有帮尽]|帮忙|应该|尽快|赶紧|赶快|快点|管不管|要什么|需要什么|多少钱)[^。！？!?；;\n]{0,60}"
)
_GRIEVANCE = re.compile(
    r"[^，。！？!?；;,\n]{0,20}(?:没人管|不管|不修|坏了|堵[了住]|漏水|不退|拖欠|太吵|扰民|占[用道了]|乱停|乱扔|不处理|不给|不发|不亮|停[水电]|断电|没了|找不到|欠[我了薪钱]"
    r"|太[一-鿿]{1,2}了|熏死|吵得|没人[一-鿿]|乱飞|臭|不卫生|收不到|涨价|乱收费|不合理|太慢|不通)[^，。！？!?；;,\n]{0,10}"
)
_FILLERS = re.compile(r"^(?:那个|就是|嗯|呃|啊|喂|你好|您好|我跟你讲|我想|我要|同志|[，,、。\s])+")
_QUESTIONS = {
    "诉求": "您希望我们帮您解决什么，或者想了解什么？",
    "地点": "请问事情发生在哪个小区、哪条路，门牌号或附近的路口是什么？",
    "对象": "请问您反映的是谁，或者是什么东西、哪家单位的问题？",
    "时间": "请问这个情况是什么时候开始的，一般在什么时间发生？",
}
_FOR_INQUIRY = ("诉求",)  # who only asks how something is done need not say where and when
_SHORT = 2


@dataclass(frozen=True, slots=True)
class Summary:
    """The four elements as far as they were said; ``next_question`` asks for the most useful missing one."""

    time: str
    place: str
    object: str
    demand: str
    missing: tuple[str, ...]
    next_question: str


def summarise(text: str, address: str = "", known_place: str = "", *, inquiry: bool = False) -> Summary:
    """Extract the four elements; the address field, or a place that the town pack knows, counts as the place.

    An ``inquiry`` (咨询) misses nothing but its question.
    """
    found = {
        "时间": _first(_TIME, text),
        "地点": address.strip() or _place(text) or known_place,
        "对象": _first(_OBJECT, text),
        "诉求": _demand(text),
    }
    missing = tuple(name for name in (_FOR_INQUIRY if inquiry else ELEMENTS) if not found[name])
    question = next((sentence for name, sentence in _QUESTIONS.items() if name in missing), "")
    if len(text.strip()) < _SHORT:
        question = "请问您要反映或者咨询什么事？"
    return Summary(found["时间"], found["地点"], found["对象"], found["诉求"], missing, question)


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match.group(0) if match else ""


def _place(text: str) -> str:
    """The house number where one is given, else the first word that ends like a place; leading verbs are cut."""
    found = _first(_HOUSE, text) or _first(_PLACE, text)
    return re.sub(r"^.*(?:我在|我住在?|住在|位于|就在|我们|在|我是|从|到|是)(?=.{2})", "", found)


def _demand(text: str) -> str:
    found = _first(_DEMAND, text) or _first(_GRIEVANCE, text)
    return _FILLERS.sub("", found).strip(" ，,。")
