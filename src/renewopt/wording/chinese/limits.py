"""What is not read because it is no plain file, or larger than anything that a city has."""

SENTENCES: dict[str, str] = {
    "{file}": "{file}",
    "{file}:{line}": "{file}:{line}",
    "{reason}": "{reason}",
    # --- files
    "this is no plain file (a device, a pipe or a socket)": "这不是普通文件（而是设备、管道或套接字）",
    "copy its content into a file": "请把内容另存为文件",
    "leave out rows and columns that are not needed": "请删去不需要的行和列",
    # --- YAML
    "about {count:,} {count:value|values}; at most {most:,} are read": "约有 {count:,} 个值；最多读取 {most:,} 个",
    "more than {most:,} {most:value|values} up to here": "到此处已超过 {most:,} 个值",
    "more than {most:,} {most:character|characters} without a new value begin here": (
        "从这里开始超过 {most:,} 个字符没有新的值"
    ),
    "check quotes; shorten it": "请检查引号，或缩短文字",
    "more than {most:,} {most:entry|entries} stand here": "此处超过 {most:,} 项",
    "check whether they are all needed; long lists belong in a table": "请检查是否都需要；较长的清单应放进表格",
    "{count:,} {count:problem|problems} up to here; what follows was not read": (
        "到此处已有 {count:,} 处问题；后面的内容未读"
    ),
    "more than {count:,} {count:problem|problems} of one kind; the rest is not told": (
        "同类问题超过 {count:,} 处；其余不再列出"
    ),
    "mend these first": "请先改正这些",
    (
        "{count:,} {count:variant|variants} of {size:,} {size:value|values}; at most {most:,} "
        "{most:variant|variants} of such a scenario are checked"
    ): ("有 {count:,} 种情形，基础数据有 {size:,} 个值；这样的数据最多检查 {most:,} 种情形"),
    "keep some of them in a file of their own": "请把一部分情形放进另外的文件",
    # --- tables
    (
        "{rows:,} {rows:row|rows} × {width:,} {width:column|columns}; at most {most:,} {most:cell|cells} "
        "{most:is|are} read"
    ): ("{rows:,} 行 × {width:,} 列；最多读取 {most:,} 个单元格"),
    "a cell that begins here is too long; a quote may be missing": "从这里开始的单元格过长；可能缺少引号",
    # --- workbooks
    "{part}: {reason}": "{part}：{reason}",
    "it is no workbook": "不是工作簿",
    "its content is damaged": "内容已损坏",
    "its content is damaged, or takes too much room": "内容已损坏，或占用空间过大",
    "its zip is damaged, or has a password": "压缩包已损坏，或设有密码",
    "it is zipped in a way that is not known": "压缩方式无法识别",
    "a part of it is not as large as its zip says": "其中一部分的大小与压缩包所写的不符",
    "it has {count:,} {count:part|parts}; at most {most:,} are read": "有 {count:,} 个部分；最多读取 {most:,} 个",
    "two of its parts have one name": "其中两个部分同名",
    "unzipped it takes {megabytes:,} MB": "解压后有 {megabytes:,} MB",
    "a tag of it never ends": "其中一个标记没有结束",
    "its XML is broken on line {line}": "XML 第 {line} 行有误",
    "it defines entities of its own": "其中自行定义了实体",
    "its elements are nested more than {most} deep": "元素嵌套超过 {most} 层",
    "its cells are repeated {count:,} {count:time|times}": "单元格共重复 {count:,} 次",
    "its cells repeat {count:,} {count:character|characters} of text": "各单元格重复引用的文字共 {count:,} 个字符",
    "shorten the texts": "请缩短文字",
    "a cell holds more than {most:,} {most:character|characters}": "有单元格超过 {most:,} 个字符",
    "it has more than {most:,} {most:row|rows}": "超过 {most:,} 行",
    "it has more than {most:,} {most:column|columns}": "超过 {most:,} 列",
    "it has more than {most:,} {most:text|texts}": "文字超过 {most:,} 条",
    "it names a place {text!r} that no sheet has": "其中的位置“{text}”在工作表中不存在",
    (
        "it reaches over {rows:,} {rows:row|rows} and {columns:,} {columns:column|columns}; at most {most:,} "
        "{most:cell|cells} {most:is|are} read"
    ): ("范围达 {rows:,} 行 {columns:,} 列；最多读取 {most:,} 个单元格"),
    (
        "it reaches over {rows:,} {rows:row|rows} and {columns:,} {columns:column|columns}, and only {filled:,} "
        "{filled:cell holds|cells hold} something"
    ): ("范围达 {rows:,} 行 {columns:,} 列，但只有 {filled:,} 个单元格有内容"),
    "delete what stands far below or to the right of the table": "请删去表格下方或右侧远处的内容",
    # --- what is compiled
    "{bundles:,} {bundles:bundle|bundles} of up to {homes} {homes:home|homes}; at most {most:,} are compared": (
        "至多 {homes} 套的组合有 {bundles:,} 种；最多比较 {most:,} 种"
    ),
    "join unit types of alike homes, or lower `max_homes`": "请把相近的户型合并",
    "over {count:,} {count:offer|offers} to households; at most {most:,} are held": (
        "各户的安置选项超过 {count:,} 个；最多容纳 {most:,} 个"
    ),
    "state which projects each estate is open to and which types a household accepts, or join alike households "
    "into cohorts (`count`)": "请写明各小区面向哪些项目、各户接受哪些户型，或把情况相同的户合并为一行（`count`）",
    "{rows:,} {what} over {months:,} {months:month|months}; at most {most:,} {most:entry|entries} {most:is|are} held": (
        "{rows:,} 项{what}，共 {months:,} 个月；最多容纳 {most:,} 个数"
    ),
    "{rules:,} {rules:rule|rules} over {each:,} {each:entry|entries}; at most {most:,} are held in all": (
        "{rules:,} 条规定，每条涉及 {each:,} 项；合计最多容纳 {most:,} 项"
    ),
    "state fewer of them": "请减少条数",
    "loans": "借款",
    "commitments": "既定支出",
    "bills": "应付款",
    "funds": "资金",
    "courses of fees": "过渡费进程",
    "plan fewer months, or join what is alike": "请缩短规划月数，或把相同的合并",
    "{count:,} fees of households; at most {most:,} {most:entry|entries} {most:is|are} held": (
        "各户过渡费有 {count:,} 个数；最多容纳 {most:,} 个"
    ),
    "state fewer steps of the rate": "请减少费率的分段",
}
