"""Chinese of what is said of a scenario's workbook, and of the commands that write it."""

SENTENCES: dict[str, str] = {
    "As one workbook instead of YAML and CSV; commands take it as SCENARIO.": (
        "写成一个 Excel 工作簿，代替 YAML 和 CSV；各命令可直接读取。"
    ),
    "With --excel: this scenario as a workbook instead of the starter.": "与 --excel 同用：把这份基础数据写成工作簿。",
    "--from goes with --excel": "--from 须与 --excel 同用",
    "a workbook instead, with drop-downs and notes": "改为工作簿，带下拉选项和批注",
    "a scenario that is there already, as a workbook": "把已有基础数据写成工作簿",
    "{name!r} is stated already": "“{name}”已在别处填写",
    "there is no item {number}; the next one to be stated is {following}": (
        "没有第 {number} 项；下一项应为第 {following} 项"
    ),
    "{name!r} is an item with keys; a path to one of its keys was expected": "“{name}”下有多个键；路径应指到其中一个键",
    "item {number} is stated already": "第 {number} 项已在别处填写",
    "the path does not lead on at {step}": "路径在 {step} 处走不通",
    "this variant replaces the file of {table}; in a workbook its rows would be merged by id": (
        "该情形整体替换 {table} 的文件；在工作簿中其各行会按编号合并"
    ),
    "put them into a file of their own, `file: …`": "请把这些行放入单独的文件，写作 `file: …`",
    "no row of the sheet {sheet} ({chinese}) belongs to {name!r}": "“{chinese}”表（{sheet}）中没有属于“{name}”的行",
    "add it: it names what each row belongs to": "请添加：它写明每行属于哪一项",
    "name what this row belongs to": "请写明本行属于哪一项",
    "{month} stands twice for {name!r}": "“{name}”的{month:月}填了两次",
    "the sheet {sheet} ({chinese}) has no rows": "“{chinese}”表（{sheet}）没有任何行",
    "there is no sheet {sheet} ({chinese})": "没有“{chinese}”表（{sheet}）",
    "there is no row {name} ({chinese})": "没有“{chinese}”（{name}）这一行",
    "the columns are {names}; begin the header with # if it is for yourself": (
        "可用的列有{names}；自用的列请让表头以 # 开头"
    ),
    "add the two up": "请合并为一行",
    "delete the row": "请删去该行",
    "unknown item {label!r}": "无法识别的项目“{label}”",
    "{label!r} stands twice": "“{label}”填了两次",
    "state each thing in one place": "同一内容只在一处填写",
    "the column {name!r} stands twice": "“{name}”列出现两次",
    "delete one of the two rows": "请删去其中一行",
    "{text!r} is not a path; one such as funds[budget].inflow.monthly was expected": (
        "“{text}”不是路径；应如 funds[budget].inflow.monthly"
    ),
    "{text!r} is more than one value": "“{text}”不止一个值",
    "no sheet of a scenario is in this workbook": "该工作簿中没有基础数据的任何一张表",
    "`renewopt init DIR --excel` writes a template": "可用 `renewopt init DIR --excel` 写出模板",
    "begin its name with # if it is for yourself": "自用的表请让表名以 # 开头",
    "{one!r} and {other!r} are the same sheet": "“{one}”与“{other}”是同一张表",
    "the formula has no value yet": "公式尚无结果",
    "open the file in a spreadsheet, let it reckon, and save it": "请用电子表格软件打开，待其计算后保存",
    "save it anew as .xlsx": "请另存为 .xlsx",
    "this sheet is not read": "这张表不读取",
    "{rows:,} {rows:row|rows} {rows:is|are} more than the {most:,} that a sheet holds": (
        "共 {rows:,} 行，超过一张表最多的 {most:,} 行"
    ),
    "keep the scenario in YAML, or its table in a CSV file beside the workbook (docs/workbook.md)": (
        "请用 YAML 格式，或把该表存为工作簿旁的 CSV 文件（见 docs/workbook.md）"
    ),
}
