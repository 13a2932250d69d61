"""What is refused so that a scenario is safe to open: code, paths, and values that are none."""

SENTENCES: dict[str, str] = {
    # --- policies of one's own
    "policy module {name!r}: expected the name of a Python module, such as my_rules for my_rules.py": (
        "决策方式模块“{name}”：应为 Python 模块名，如 my_rules.py 写作 my_rules"
    ),
    "policy module {name!r} cannot be imported: {reason}; it is looked for where Python looks, and in the folder "
    "that is worked in": "决策方式模块“{name}”无法导入：{reason}；会在 Python 的搜索路径和当前文件夹中查找",
    "it ends the process": "该模块会结束整个程序",
    "policy {name!r} cannot be loaded: {module} has no class {attribute!r} of policies; a function that makes one is "
    "made known by renewopt.register": (
        "决策方式“{name}”无法载入：{module} 中没有决策方式类“{attribute}”；用函数生成的须以 renewopt.register 登记"
    ),
    "policy {name!r} is code of a module that was not given, and no file can ask for it; if it is yours, give it "
    "yourself: renewopt plan or compare --policy-module {module}, policy_modules in Python": (
        "决策方式“{name}”是未经指定的模块中的代码，任何文件都不能要求运行它；如果是您自己的，请自行指定："
        "renewopt plan 或 compare 加 --policy-module {module}，在 Python 中用 policy_modules"
    ),
    "policy {name!r}: what was made is no policy (no name, decide and steer)": (
        "决策方式“{name}”：生成的对象不是决策方式（缺少 name、decide、steer）"
    ),
    "Import this Python module with policies of your own, such as my_rules for my_rules.py; may be repeated. A "
    "scenario alone never makes anything run.": (
        "导入存放自己的决策方式的 Python 模块，如 my_rules.py 写作 my_rules；可写多次。基础数据本身绝不运行任何代码。"
    ),
    # --- folders of plans and comparisons
    "it is no plain file": "不是普通文件",
    "it is no archive of arrays, or damaged": "不是数组文件，或已损坏",
    "it holds other arrays than were expected": "其中的数组与应有的不符",
    "its arrays take more than {megabytes} MB": "其中的数组超过 {megabytes} MB",
    "its array {name} has no header": "其中的数组 {name} 没有文件头",
    "its array {name} is of another kind or shape than was expected": "其中的数组 {name} 的类型或形状与应有的不符",
    "its array {name} is not as long as it says": "其中的数组 {name} 的长度与所写的不符",
    "its arrays do not agree with each other": "其中的数组互不一致",
    "{path}: not what a search has learnt ({error}); delete it, or write the plan anew": (
        "{path}：不是求解结果的记录（{error}）；请删除它，或重新生成方案"
    ),
    "none of them": "一个都没有",
    "an amount is not finite": "金额不是有限的数",
    "it is no run": "不是一次测算的记录",
    "it is nested too deeply": "嵌套过深",
    "{path} was changed, and tells of no comparison any more; choose another folder": (
        "{path} 已被改动，不再是比较的标记；请换一个文件夹"
    ),
    # --- paths
    "copy it into the scenario's folder; if it may lie elsewhere, allow that: --allow-outside": (
        "请把它复制到基础数据所在的文件夹；如确可放在别处，请加 --allow-outside"
    ),
    "another file {file!r} lies beside the workbook already": "工作簿所在的文件夹里已有另一个文件“{file}”",
    "rename one of the two": "请给其中一个改名",
    "this is no table of {section}: none of its headers is one that belongs there": (
        "这不是 {section} 的表格：没有一个表头属于该表"
    ),
    "name the right file; the columns are {names}": "请写正确的文件；可用的列：{names}",
    "{text!r} is blank; a name was expected": "“{text}”是空白；应为名称",
    "write it anew": "请重新写",
    "no file can be called so": "文件不能用这样的名称",
    "{file!r} lies outside of the scenario's folder": "“{file}”不在基础数据所在的文件夹内",
    "{file!r} is a link that leads in a circle": "“{file}”是循环的链接",
    "{file!r} is a link that leads out of the scenario's folder": "“{file}”是指向基础数据文件夹之外的链接",
    "Tables that the scenario names may lie outside of its folder.": "基础数据引用的表格可以放在其文件夹之外。",
    # --- arguments
    "{name} {value}: expected {expected}": "{name} {value}：应为{expected}",
    "a path": "路径",
    "names of Python modules": "Python 模块的名称",
    "a function, or None": "函数或 None",
    "True or False": "True 或 False",
    "{name} {value}: expected one of {names}": "{name} {value}：可填 {names}",
    "the name of a policy": "决策方式的名称",
    "the name of a variant, or None": "情形的名称或 None",
    "names, in a list or with commas between them": "名称，列表或以逗号分隔",
    "dask, or dask:ADDRESS, or None": "dask、dask:地址或 None",
    "warm {value}: expected a plan, from plan or read_plan": "warm {value}：应为 plan 或 read_plan 得到的方案",
    "plan {value}: expected a plan, from plan or read_plan": "plan {value}：应为 plan 或 read_plan 得到的方案",
}
