"""The home roster, for the office and as it is posted, in English and Chinese."""

PHRASES: dict[str, tuple[str, str]] = {
    "roster.title": ("Home roster: {name}", "选房结果公示：{name}"),
    "roster.mode.signing": ("in the order of signing", "按签约顺序选房"),
    "roster.mode.signing.drawn": ("in the order of signing, lots drawn between equals, seed {seed}",
        "按签约顺序选房，同序号抽签，种子数 {seed}"),
    "roster.mode.lottery": ("in the order of lots, seed {seed}", "按抽签顺序选房，种子数 {seed}"),
    "roster.mode.fit": ("all together, as near to what is due and wished as can be",
        "统一配房，总体最接近应安置面积和意向"),
    "roster.homes": ("{homes} {homes:home|homes}", "共 {homes} 套"),
    "roster.given": ("Homes given: {homes}; homes left: {left}", "已配房 {homes} 套；剩余 {left} 套"),
    "roster.fit": ("Mean misfit {misfit} m²; every wish is met for {met} of {homes}",
        "平均偏差 {misfit}㎡；{homes} 套中有 {met} 套满足全部意向"),
    "roster.unlisted": ("Homes of the plan of whose estate and type none is listed: {count}",
        "方案中所在小区和户型未逐套列出的房源：{count} 套"),
    "roster.open": ("Without a home: {count}", "尚未配房：{count} 套"),
    "roster.why.needs": ("no home left that has {needs}", "没有符合“{needs}”的剩余房源"),
    "roster.why.homes": ("no home left that is ready in time", "没有届时可入住的剩余房源"),
    "roster.column.household": ("household", "户号"),
    "roster.column.estate": ("estate", "安置小区"),
    "roster.column.type": ("type", "户型"),
    "roster.column.building": ("building", "楼栋"),
    "roster.column.floor": ("floor", "楼层"),
    "roster.column.home": ("home", "房号"),
    "roster.column.area_m2": ("m²", "面积（㎡）"),
    "roster.column.orientation": ("faces", "朝向"),
    "roster.column.moves_in": ("moves in", "入住月份"),
    "roster.column.place": ("place", "选房顺序"),
    "roster.column.lot": ("lot", "签号"),
    "roster.column.why": ("why", "原因"),
    "roster.estate": ("{estate}: {homes} {homes:home|homes}", "{estate}：{homes} 套"),
    "roster.without": ("Without a home so far, to be settled in person ({count}):", "尚未配房，另行办理（{count}）："),
    "roster.how": ("How homes were given", "选房办法"),
    "roster.rule.signing": (
        ("Whoever signed first chose first: of the homes of its estate and type that are ready when it moves in, the "
         "one that is nearest to the area due and to the wishes it handed in."),
        "先签约的先选：在本小区、本户型且届时可入住的房源中，取最接近应安置面积和所报意向的一套。"),
    "roster.rule.lottery": (
        ("Whoever drew the smaller lot chose first: of the homes of its estate and type that are ready when it moves "
         "in, the one that is nearest to the area due and to the wishes it handed in."),
        "签号小的先选：在本小区、本户型且届时可入住的房源中，取最接近应安置面积和所报意向的一套。"),
    "roster.rule.fit": (
        ("All homes of an estate and type were given together, so that the sum of all differences from the areas due "
         "and the wishes handed in is the least there is. No two would both gain by changing homes."),
        "同一小区、同一户型的房源统一配给，使与应安置面积和所报意向的偏差总和最小；任何两户互换都不会使双方同时受益。"),
    "roster.kept": (
        ("Homes on the ground floor, barrier-free homes and others that somebody must have, and homes that somebody "
         "needs because it moves in earlier, were kept for them as far as needed."),
        "底层、无障碍等必须具备的房源，以及入住较早的住户所需的房源，均优先保留。"),
    "roster.lot": (
        ("Anybody can draw the lots again: a lot is the SHA-256 of the seed {seed}, a colon and the household as "
         "written here; the smaller one, as it is written, comes first. For the first household above:"),
        ("任何人都可以复核签号：签号是“种子数 {seed}、半角冒号、上表所写户号”的 SHA-256 值，按书写顺序小的在前。"
         "例如上表第一户：")),
    "roster.digest": ("Made from the scenario {digest}.", "依据基础数据 {digest} 生成。"),
    "roster.written": ("Written to {folder}; roster.html and roster.csv can be posted, office.csv and open.csv not",
        "已写入 {folder}；roster.html 和 roster.csv 可以公示，office.csv 和 open.csv 仅供内部使用"),
    "step.homes": ("giving homes", "配房"),
}  # fmt: skip
