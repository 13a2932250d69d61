"""Help and faults of the command line."""

SENTENCES: dict[str, str] = {
    # --- frame
    "Usage": "用法",
    "Examples": "示例",
    "Commands": "命令",
    "Options": "选项",
    "{title}:": "{title}：",
    "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 [参数]...",
    " [required]": "（必填）",
    " [default: {value}]": "（默认：{value}）",
    "Show this help.": "显示本帮助。",
    "Show the version.": "显示版本。",
    # --- faults
    "`{path} --help` shows how it is used": "用法请看 `{path} --help`",
    "there is no option {name}": "没有选项 {name}",
    "there is no command {name}": "没有命令 {name}",
    "the commands are {names}": "可用命令：{names}",
    "did you mean {names}?": "是否应为 {names}？",
    "{name} is missing": "缺少 {name}",
    "the option {name} is missing": "缺少选项 {name}",
    "the option {name} needs a value": "选项 {name} 后面须有值",
    "{name} {message}": "{name} {message}",
    "{arguments} is too much; put names with spaces in quotes": "{arguments} 是多余的；名称含空格时请加引号",
    "{value!r}: expected one of {names}": "“{value}”：可填 {names}",
    "{value!r}: expected {expected}": "“{value}”：应为{expected}",
    "{value!r}: expected a number of seconds above 0": "“{value}”：应为大于 0 的秒数",
    "{value!r}: expected a whole number from {least}": "“{value}”：应为不小于 {least} 的整数",
    "{value!r} is no figure of runs.csv": "“{value}”不是 runs.csv 中的数值列",
    "RENEWOPT_LANG {stated!r}: expected en or zh": "RENEWOPT_LANG “{stated}”：应为 en 或 zh",
    "which shell? name one of bash, zsh, fish": "请写明 shell：bash、zsh 或 fish",
    "no permission": "没有权限",
    "no such file or folder": "文件或文件夹不存在",
    "the disk is full": "磁盘空间不足",
    "no more space is allowed to this user": "该用户的磁盘配额已用完",
    "it can only be read from": "此处只能读取",
    "the disk reports a fault": "磁盘报告故障",
    "the name or the path is too long": "名称或路径过长",
    "a file stands where a folder was expected": "此处是文件，应为文件夹",
    # --- all commands
    "Plan the resettlement of expropriated households (征收安置规划).": (
        "征收安置规划：哪一户、在哪个月、以哪种方式安置，钱从哪里出。"
    ),
    "Exit codes: 0 done, 2 bad input, 3 infeasible (described), 4 no plan in time, 5 output cannot go there, 130 "
    "interrupted (with the best plan written, if there is one; 143 by SIGTERM, 129 by SIGHUP).": (
        "退出码：0 完成，2 输入有误，3 不可行（并说明缺口），4 限时内无方案，5 输出无法放在该处，130 已中断（如有方案，"
        "写出目前最优的；SIGTERM 为 143，SIGHUP 为 129）。"
    ),
    "a commented scenario of your own, ready to run": "生成一份带说明、可直接运行的示例数据",
    "what is wrong in it, and the stock-taking before any plan": "查错，并列出“两个底数”",
    "a plan, and what it saves": "编制安置方案，并说明节约多少",
    "examples and options of one command": "查看某个命令的示例和选项",
    "Language of messages, summary and workbook (CSV files stay English); default: RENEWOPT_LANG, else Chinese where "
    "the system speaks it.": (
        "提示、摘要和工作簿的语言（CSV 文件一律英文）；默认按 RENEWOPT_LANG，否则系统为中文时用中文。"
    ),
    "Variant of the scenario.": "基础数据中的情形。",
    "No progress, no warnings.": "不显示进度和提醒。",
    "What is minimised; default: what the scenario says.": (
        "以何为目标：transition_fees（过渡费）或 fiscal_cost（财政支出）；默认按基础数据。"
    ),
    # --- check
    "Check SCENARIO and take stock (两个底数): homes, households, fees, money.": (
        "检查基础数据 SCENARIO，列出“两个底数”：房源、住户，以及过渡费和资金。"
    ),
    "everything that is wrong at once, then the stock-taking": "一次列出全部问题，然后列出底数",
    "the same for a variant of it": "按其中一种情形检查",
    "in Chinese; RENEWOPT_LANG=zh does so for all commands": "用中文；设 RENEWOPT_LANG=zh 则所有命令都用中文",
    "fee, area due and every offer of each household, or why there is none, as a table": (
        "逐户列出过渡费、应安置面积和每个安置选项（没有的写明原因），写成表格"
    ),
    "What the rules make of each household, instead of the stock-taking.": "不列底数，而是逐户说明按规则得到什么。",
    "With --households: write it into FILE, a workbook where that ends in .xlsx.": (
        "与 --households 合用：写入 FILE；文件名以 .xlsx 结尾时为工作簿。"
    ),
    "With --csv: replace a FILE that --csv wrote before.": "与 --csv 合用：取代此前由 --csv 写出的 FILE。",
    "--csv goes with --households": "--csv 须与 --households 合用",
    # --- plan
    "Plan SCENARIO and write the plan into DIR.": "根据基础数据 SCENARIO 编制安置方案，写入文件夹 DIR。",
    "Ctrl-C ends the search, and the best plan so far is written; pressed twice it stops at once.": (
        "按 Ctrl-C 结束求解并写出目前最优的方案；再按一次立即停止。"
    ),
    "the best plan, proven to within 0.1 % or found in ten minutes": "最优方案：证明差距在 0.1% 以内，或求解满十分钟",
    "to within 1 %, in a minute": "差距 1% 以内，限时一分钟",
    "without sources that are in doubt": "不使用合规存疑的资金来源",
    "what happens if all wait": "如果全部等待原项目安置房会怎样",
    "Folder for the plan.": "方案写入的文件夹。",
    "optimal, or another policy, such as wait-for-build or costliest-first (docs/policies.md).": (
        "optimal（整体优化），或其他决策方式，如 wait-for-build（等待）、costliest-first（费用最高者优先）。"
    ),
    "Stop at this proven gap (a fraction); 0: proven optimal.": "达到这个已证明的差距即停止（小数）；0 表示证明最优。",
    "Seconds of search.": "求解时间上限，秒。",
    "highs, or pulp:NAME.": "求解器：highs，或 pulp:名称。",
    "How to search.": "求解方法。",
    "Put the plan in the place of one that lies in DIR, unchanged.": "取代 DIR 中已有且未经改动的方案。",
    # --- compare
    "Compare policies in SCENARIO..., as planned and in the futures that it states.": (
        "比较各种决策方式：按基础数据原样，以及其中所列的未来情景。"
    ),
    "Each run is saved in DIR when it is done; the same command goes on where it was ended.": (
        "每次测算完成即存入 DIR；中断后再次执行同一命令可继续。"
    ),
    "all policies in 20 draws of each future, two at a time": "所有决策方式，每种未来情景抽样 20 次，同时进行两个",
    "two policies, with and without a variant": "两种决策方式，分别按基础数据原样和其中一种情形",
    "Folder of the runs; resumes in its own.": "存放测算结果的文件夹；可在原文件夹继续。",
    "Policies; default: all that ship but hedged.": "决策方式；默认：除 hedged 外的全部。",
    "Variants; `base`: without one (the default).": "情形；`base` 表示基础数据原样（默认）。",
    "Futures that the scenario states; default: all.": "基础数据所列的未来情景；默认全部。",
    "Draws of each random future.": "每种随机情景的抽样次数。",
    "The same for policies that optimise; default: at most 5, and all for plans made once.": (
        "优化类决策方式的抽样次数；默认最多 5 次，一次编制的方案则全部试算。"
    ),
    "Processes.": "同时运行的进程数。",
    "Run on a Dask cluster; without address, on a local one.": "在 Dask 集群上运行；不写地址则用本机。",
    "Proven gap at which optimising ends (a fraction).": "优化达到这个已证明的差距即停止（小数）。",
    "The optimiser that knows the future.": "是否加入预知未来的优化，作为参照。",
    "Column of runs.csv that is ranked by.": "按 runs.csv 的哪一列排名。",
    "Write runs.parquet too; needs renewopt[parquet].": "同时写出 runs.parquet；需要 renewopt[parquet]。",
    # --- init, schema, completion
    "Write a commented starter scenario that runs into FOLDER.": "在 FOLDER 中写入带说明、可直接运行的示例数据。",
    "district.yaml and households.csv, to be changed line by line": "district.yaml 和 households.csv，逐行改成自己的",
    "the same with comments and headers in Chinese": "说明和表头为中文",
    "Overwrite a starter scenario in FOLDER that was not changed; with --excel: write beside other files.": (
        "覆盖 FOLDER 中未经改动的示例文件；与 --excel 合用时，可写入已有其他文件的文件夹。"
    ),
    "Print the JSON Schema of scenario files, for editors.": "输出基础数据文件的 JSON Schema，供编辑器使用。",
    "an editor that knows it completes and checks while you type": "编辑器据此在输入时补全和检查",
    "Print the script that teaches SHELL (bash, zsh or fish) to complete commands and options.": (
        "输出补全脚本，使 SHELL（bash、zsh 或 fish）能补全命令和选项。"
    ),
    "in this window, or at the end of ~/.bashrc for all to come": "在当前窗口执行，或写在 ~/.bashrc 末尾",
    "at the end of ~/.zshrc": "写在 ~/.zshrc 末尾",
    "once; fish finds it there": "执行一次即可，fish 会自动找到",
}
