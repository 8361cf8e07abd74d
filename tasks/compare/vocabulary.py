"""What a reader of such tables knows about their words: which ones say little, and which mean the same thing.

General vocabulary of municipal work reports; no word here is taken from, or serves, a single document. A word that
is missing costs a little recall on rewordings, never a wrong link: shared concepts are one kind of evidence of many.
"""

from __future__ import annotations

from functools import cache

# Words of the genre that nearly every row could contain. Pairs of characters inside them weigh a fraction.
FILLER = """
推进 推动 加快 加强 加大 深化 强化 优化 完善 健全 提升 提高 促进 实施 开展 组织 落实 完成 实现 做好 抓好 确保 力争
建设 工作 任务 目标 项目 工程 行动 机制 体系 制度 水平 能力 质量 全面 积极 稳步 有序 持续 深入 扎实 大力 着力 进一步
全区 全市 全县 全年 年度 今年 以来 目前 正常 进行 已经 基本 初步 正在 按照 计划 要求 部署 相关 有关 各项 重点 主要
以上 以下 以内 左右 不少于 不低于 增长 新增 新建 累计 共计 达到 打造 构建 建立 形成 启动 推行 探索 创新 发展 服务
管理 保障 支持 引导 鼓励 统筹 协调 牵头 配合 责任 单位 部门 街道 乡镇 社区 区域 地区 城区 高质量 一批 多个 若干
公里 平方米 平方公里 立方米 公顷 兆瓦 千瓦 万元 亿元 美元 百分点 人次 人以上 名以上 家以上 个以上 万亩 万人 万户
阶段 前期 后续 下一步 方案 编制 制定 出台 印发 召开 会议 序时 进度 时间 节点 顺利 全力 努力 争创 争取 率先 示范
""".split()  # noqa: SIM905

# One line, one concept: words that stand for each other when such a promise is written anew.
_CONCEPTS = """
学校 校园 中小学 小学 初中 高中 中学 九年一贯 校舍 义务教育 办学
学前 幼儿园 园所 幼教 托幼 幼托
托育 托位 婴幼儿 育幼 照护驿站
学位 就学 入学 就读 招生 上学
教师 师资 名师 教职
课后 托管 延时服务 双减
教育 教学 育人 办学 学堂
大学 高校 院校 校地 本科
职业教育 职教 技工 技师 中职 产教
医院 卫生院 医疗 诊疗 就医 看病 医共体 医联体 病房 床位 门诊
社区卫生 卫生服务中心 卫生服务站 基层卫生 家门口看病
家庭医生 签约医生 签约服务 家医
公共卫生 疾控 防疫 传染病 疫情
疫苗 接种 免疫
体检 筛查 健康检查 早筛
中医 中医药 国医 中草药
药品 医药 制药 药业 用药
养老 老年 老人 敬老 为老 银龄 康养 长者 适老
食堂 助餐 餐厅 就餐 送餐 配餐 用餐
残疾 残障 助残 无障碍 康复
儿童 未成年 少儿 青少年 孩子
妇女 女性 妇联 巾帼
救助 低保 困难群众 兜底 低收入 特困 帮扶 困境
慈善 公益 捐赠 募捐
志愿 义工 志愿者
殡葬 公墓 墓地 骨灰 安葬
退役军人 双拥 拥军 优抚 老兵
就业 岗位 上岗 用工 再就业 求职 招聘
创业 众创 创客 孵化 孵化器
失业 失业率 未就业
技能 培训 实训 练兵 工匠
工资 欠薪 薪酬 劳资
社保 参保 养老保险 医保 社会保险 医疗保险
收入 居民收入 增收 可支配
人才 英才 引才 高层次 博士 青年人才 大学生 海归
住房 安居 保障房 保租房 公租房 租赁住房 廉租 住房保障 居住
安置 回迁 拆迁户 过渡
老旧小区 旧小区 小区改造 老小区 旧住宅 住宅小区
危房 危旧 C级 D级 房屋安全 自建房
棚户 棚改 城中村 旧村 村庄改造 征收 征迁 拆迁 旧城 旧改 腾空
物业 业委会 业主
电梯 加装 载人
道路 公路 马路 路网 干道 主干道 支路 断头路 路段 道路畅通 街路
桥梁 大桥 高架 跨河桥 天桥
地铁 轨道 轻轨 站点
公交 公共交通 客运 巴士
停车 泊位 车位 停车场
拥堵 治堵 缓堵 畅行 畅通 交通组织 交通疏导
交通事故 道路安全 交通安全 斑马线
慢行 绿道 步道 健身步道 骑行 漫步
充电 充电桩 换电 新能源车
港口 码头 航运 水运 泊船
机场 航空 空港 低空 无人机
铁路 高铁 火车
物流 仓储 快递 供应链 寄递 配送
河道 河流 水系 水体 河湖 水域 断面 劣五类 美丽河湖
污水 截污 纳管 雨污 零直排 排水 管网 排污 下水道
供水 自来水 饮用水 水厂 水源 喝水
防洪 排涝 内涝 积水 防汛 水利 堤防 海塘 泵站 水库 闸
黑臭 水质 治水 五水共治 水环境
大气 空气 蓝天 PM2.5 扬尘 臭氧 优良天数 清新空气
土壤 污染地块 净土
环境 环保 生态 治污 污染
垃圾 废弃物 固废 生活废物 分类投放 清运 废旧 回收
厕所 公厕 卫生间 旱厕
绿化 植树 造林 公园 绿地 园林 花园 绿色空间 口袋公园 增绿 林木
节能 能耗 用能 降耗 减排 双控 降碳 碳达峰 低碳 碳排放
光伏 太阳能 新能源 清洁能源 风电 氢能
电网 供电 变电 电力 输电 用电
燃气 天然气 瓶装气 管道气
照明 路灯 亮灯 亮化
招商 招引 引资 外资 引进 落户 利用外资 签约 落地 双招双引
外贸 出口 进出口 跨境 自贸 保税 口岸
消费 零售 商贸 商圈 购物 首店 消费券 促消费 夜经济 步行街 商业街
市场 农贸市场 菜市场 菜场 集贸 农贸
超市 便利店 商超 便民商店
会展 展会 博览 展览
旅游 文旅 景区 游客 民宿 度假 旅行 游览
餐饮 美食 小吃 餐馆
企业 公司 市场主体 厂商 经营主体 民企 民营 工商户
小微 个体 中小企业 专精特新 小巨人 隐形冠军
规上 入规 升规 上规 小升规 下升上 规模以上
上市 资本市场 挂牌 股改 IPO 凤凰行动
融资 贷款 信贷 普惠金融 担保 资金 金融服务
金融 银行 基金 保险 资本
风险 非法集资 涉众 防范 隐患
债务 政府债 隐性债 化债 偿债
债券 专项债
税收 纳税 减税 降费 税费 税务
财政 预算 一般公共预算 收支 国库
国企 国资 国有资产 国有企业
工业 制造业 制造 产业 先进制造 工业经济
技改 技术改造 智能化改造 数字化改造 机器换人 数字车间 未来工厂 智能工厂 无人车间
园区 产业园 开发区 产业平台 工业区 集聚区 小微园
楼宇 商务楼 写字楼 总部 税收亿元楼
工业用地 产业用地 土地 用地 供地 出让 地块 亩 做地 标准地
低效 盘活 闲置 腾笼换鸟 腾退 再开发 亩均
留用地 村级留用
投资 固定资产 固投 有效投资 扩大投资
重大项目 省重点 市重点 省市县长 标志性
开工 动工 破土 启动建设 奠基
竣工 完工 建成 投用 投入使用 交付 启用 落成 开业 运营 完工验收
科技 科创 创新主体 科研 研究 技术攻关
研发 R&D 研究开发 研发投入 研发费用
高新 高新技术 国高 高企
专利 知识产权 商标 著作权 发明
实验室 研究院 创新平台 研发机构 研发中心 新型研发
成果转化 技术交易 技术合同 产学研
数字经济 数字产业 数字内容 软件 信息服务 互联网 数字贸易 直播 电商
人工智能 ai 大模型 算力 智能
5g 基站 通信 新基建 宽带
大数据 数据 云计算 数据中心 城市大脑 数字化
集成电路 芯片 半导体
生物医药 生命健康 生物 医疗器械 大健康
新材料 材料
汽车 整车 车辆
文化 文艺 文体 文创 艺术 演出
图书馆 书房 阅读 书屋 书店 借阅
文化馆 文化站 文化中心 文化礼堂 文化设施
博物馆 展馆 陈列馆 纪念馆 美术馆
非遗 遗产 传统技艺 传承
文物 古建 历史建筑 古迹 遗址 古镇 历史街区 保护修缮
体育 健身 运动 球场 体育馆 全民健身 体育场地 赛事 比赛 马拉松
亚运 场馆 运动会
文明 文明城市 创建 礼让 文明实践
宣传 宣讲 媒体 传播
法治 普法 法律 依法 执法 司法 律师
审批 行政审批 许可 办事 政务 政务服务 一件事 最多跑一次 一网通办 一窗 放管服 办件
营商 营商环境 亲清 助企 惠企 纾困 为企服务
政策兑现 补贴 补助 奖补 惠企资金 扶持资金 奖励
登记 注册 注销 商事
信用 诚信 失信 征信
监管 检查 抽查 执法检查 双随机
综合执法 城管 违建 违法建筑 拆违 占道 市容 三改一拆
食品 食安 餐桌 厨房 后厨 食用 农产品安全
消防 火灾 消防站 灭火 消防安全
安全生产 生产安全 安全隐患 隐患排查 工贸企业 危化品 危险化学品
应急 救援 避灾 防灾 减灾 抢险
地质灾害 山体 滑坡
治安 平安 警务 公安 派出所 扫黑 犯罪 警情 反诈 诈骗 电信诈骗
信访 矛盾 纠纷 调解 化解 诉求 访
监控 探头 视频 摄像 天网 雪亮
网格 基层治理 社会治理 微网格 村社 自治
未来社区 社区建设 邻里中心 邻里
党建 党风 廉政 清廉 作风
建议 提案 议案 代表
审计 督查 监督 考核
农业 种植 粮食 耕地 农田 播种 高标准农田 粮田
农村 乡村 美丽乡村 和美乡村 村 乡村振兴
农民 村民 农户 村集体 集体经济
畜牧 生猪 养殖 水产 渔业
茶 茶叶 茶园
林 森林 林业 山林
对口 协作 结对 山海协作 东西部 支援
民族 宗教 侨务 统战
国防 人防 民防 征兵 兵役
档案 地方志 史志 年鉴
统计 普查 调查
气象 预报 预警
地震 抗震
特色小镇 小镇
标准化 标准 质量 品牌
直播带货 网红 主播
"""


@cache
def filler_pairs() -> frozenset[str]:
    """The pairs of neighbouring characters that occur inside a filler word."""
    return frozenset(word[at : at + 2] for word in FILLER for at in range(len(word) - 1))


Words = tuple[tuple[str, tuple[int, ...]], ...]


@cache
def _by_start() -> tuple[dict[str, Words], Words]:
    """First two characters → (word, its concepts) of the Chinese words; and those of the Latin ones."""
    of: dict[str, list[int]] = {}
    for number, line in enumerate(_CONCEPTS.strip().splitlines()):
        for word in line.lower().split():
            if len(word) > 1:
                of.setdefault(word, []).append(number)
    chinese: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
    latin = []
    for word, numbers in sorted(of.items()):
        if word.isascii():
            latin.append((word, tuple(numbers)))
        else:
            chinese.setdefault(word[:2], []).append((word, tuple(numbers)))
    return {start: tuple(words) for start, words in chinese.items()}, tuple(latin)


def concept_openings() -> dict[str, Words]:
    """First two characters → (word, the numbers of its concepts), of the Chinese words."""
    return _by_start()[0]


def latin_concepts() -> Words:
    """(word, the numbers of its concepts) of the Latin words."""
    return _by_start()[1]


@cache
def concepts_at(concept: int) -> tuple[str, ...]:
    """The words that speak of a concept."""
    line = _CONCEPTS.strip().splitlines()[concept]
    return tuple(word for word in line.lower().split() if len(word) > 1)


def concepts(text: str, pairs: frozenset[str]) -> frozenset[int]:
    """The concepts that one folded text speaks of. `pairs`: its pairs of neighbouring characters."""
    chinese, latin = _by_start()
    found: set[int] = set()
    for start in pairs & chinese.keys():
        for word, numbers in chinese[start]:
            if len(word) == 2 or word in text:
                found.update(numbers)
    found.update(number for word, numbers in latin if word in text for number in numbers)
    return frozenset(found)
