"""What a dossier tells of each household: how its area was reckoned, and why it has no offer."""

SENTENCES: dict[str, str] = {
    # --- the area due
    "{area} m² as stated": "已写明 {area}㎡",
    "{area} m² given up": "被征收面积 {area}㎡",
    "{area} m² given up × {factor} = {due} m²": "被征收面积 {area}㎡ × {factor} = {due}㎡",
    "{persons} × {each} m² a person = {due} m²": "{persons}人 × 每人{each}㎡ = {due}㎡",
    "{text}, at least {due} m²": "{text}，不少于 {due}㎡",
    "{text}, at most {due} m²": "{text}，不超过 {due}㎡",
    "{text}, at least {each} m² a person × {persons} = {due} m²": "{text}，不少于每人{each}㎡ × {persons}人 = {due}㎡",
    "{text}, at most {each} m² a person × {persons} = {due} m²": "{text}，不超过每人{each}㎡ × {persons}人 = {due}㎡",
    "{text}; home {part} of {parts}: {due} m²": "{text}；{parts}套中的第{part}套：{due}㎡",
    "unknown: the number of persons is not stated": "未知：没有写人口",
    "unknown: the area given up is not stated": "未知：没有写被征收面积",
    # --- no offer
    "no offer, because {reason}": "没有可选的安置，原因：{reason}",
    "{text}; {more}": "{text}；{more}",
    "{names}: {cause}": "{names}：{cause}",
    "homes of its own project": "原项目安置房",
    "homes of other projects": "调安",
    "vouchers": "购房凭证",
    "cash": "货币补偿",
    "it accepts only {routes}": "该户只接受{routes}",
    "it may choose {route} only after {months} overdue {months:month|months}, and is never overdue": (
        "超期满 {months} 个月后才可改选{route}，而该户不会超期"
    ),
    (
        "it may choose {route} only after {months} overdue {months:month|months}, from {month} on, when the "
        "planned months are over"
    ): ("超期满 {months} 个月后才可改选{route}，即自{month:月}起，已在规划期之后"),
    "no estate belongs to project {project} or is open to it": "没有属于项目 {project} 或对其开放的小区",
    "no estate belongs to project {project}": "没有属于项目 {project} 的小区",
    "no estate of other projects is open to project {project}": "没有其他项目的小区对项目 {project} 开放",
    "no voucher or cash programme is open to project {project}": "没有对项目 {project} 开放的购房凭证或货币补偿",
    "no voucher programme is open to project {project}": "没有对项目 {project} 开放的购房凭证",
    "no cash programme is open to project {project}": "没有对项目 {project} 开放的货币补偿",
    "not among the estates that it accepts": "不在该户接受的小区之列",
    "has nothing of what it asks for ({tags})": "没有该户意向的标签（{tags}）",
    "has no homes with the tags that it asks for or its groups take only": (
        "没有具备该户要求的标签、或其群体只接受的户型"
    ),
    "has no homes of the types that it accepts ({types})": "没有该户接受的户型（{types}）",
    "the smallest home to be had has {size} m², and at most {most} m² are allowed for {due} m² due": (
        "可供的最小户型为 {size}㎡，而应安置 {due}㎡ 最多允许 {most}㎡"
    ),
    "the smallest home to be had has {size} m², more than is allowed for the area due": (
        "可供的最小户型为 {size}㎡，超过按应安置面积所允许的"
    ),
    "none of the homes that it accepts is in stock or to come in the planned months": (
        "该户接受的户型在规划期内没有现房，也没有将交付的房源"
    ),
    "none of the homes that it accepts is open to other projects": "该户接受的户型没有对其他项目开放的房源",
    "its right to {route} is used by nobody (switch_share is 0)": "其改选{route}的权利无人使用（改选比例为 0）",
    "is only for households with less than {area} m²": "仅限面积小于 {area}㎡ 的住户",
    "is only for households with less than {area} m², and its area is not stated": (
        "仅限面积小于 {area}㎡ 的住户，而该户没有写面积"
    ),
    "can be chosen from {first} to {last}, outside of the planned months": (
        "可选月份为{first:月}至{last:月}，不在规划期内"
    ),
    "can be chosen until {last}, and it may choose {route} only from {month} on": (
        "只可选到{last:月}，而该户自{month:月}起才可改选{route}"
    ),
    "could house it in {month} at the earliest, after its deadline {deadline}": (
        "最早{month:月}入住，晚于该户的期限{deadline:月}"
    ),
    "its quotes hold in no month of the plan": "该户的报价在规划期内的任何月份都不适用",
    "its quotes would house it after its deadline {deadline}": "按该户的报价，入住晚于其期限{deadline:月}",
    "its quotes hold in no month of the plan, or would house it after its deadline {deadline}": (
        "该户的报价在规划期内不适用，或入住晚于其期限{deadline:月}"
    ),
    # --- an offer that can never be had
    "never: {cause}": "无法选到：{cause}",
    "too few homes are open to other projects": "对其他项目开放的房源不足",
    "too few homes are in stock or to come": "现有和将有的房源不足",
    # --- related households
    "none of them can be given a home": "各户都没有可选的住房",
    "only {household} can be given a home": "只有 {household} 有可选的住房",
    "it cannot take all of {names}": "容不下 {names} 全部住户",
    "{cause}: {why}": "{cause}：{why}",
    "no offer together with {names}, because {why}": "无法与 {names} 安置在同一小区，原因：{why}",
    "only in one estate with {names}": "须与 {names} 在同一小区",
    "no home for {names}": "没有可供 {names} 的住房",
    "too few homes for all of them": "房源不够各户同住",
    "a limit on settlements leaves no room for it": "安置户数的限额没有留给它的余地",
    "its homes are there from {month} on, later than it can be chosen for": "其房源{month:月}才有，已晚于可选的月份",
    # --- its file
    "{file} is a folder; name a file": "{file} 是文件夹；请写文件名",
    "the scenario reads {file}; name another file": "基础数据要读取 {file}；请换一个文件名",
    "{file} exists already; name another file (--force replaces a dossier, and nothing else)": (
        "{file} 已存在；请换一个文件名（--force 只取代以前写出的逐户情况表）"
    ),
    "{rows:,} {rows:row|rows} {rows:is|are} more than a sheet holds; name a file that ends in .csv": (
        "{rows:,} 行超过工作表的容量；请用以 .csv 结尾的文件名"
    ),
}
