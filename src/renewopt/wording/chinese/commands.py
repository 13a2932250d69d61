"""Planning, comparing, reading plans back, and the command line."""

SENTENCES: dict[str, str] = {
    # --- options
    "gap {value}: expected {expected}": "gap {value}：应为{expected}",
    "a fraction from 0 to less than 1, such as 0.01": "不小于 0、小于 1 的小数，如 0.01",
    "expected {expected}": "应为{expected}",
    "time_limit {time_limit!r}: expected a number of seconds above 0": "time_limit {time_limit!r}：应为大于 0 的秒数",
    "Begin with what the search for the plan in DIR has learnt: quicker, if the scenarios are similar.": (
        "从 DIR 中方案的求解结果出发继续搜索：基础数据相近时更快。"
    ),
    "a changed scenario, the search begun where the last one ended": "基础数据有变，从上次求解的结果出发",
    (
        "the exact path would take about {needed} GiB for {claims} {claims:household|households}, and {free} GiB "
        "are free; "
        "choose method structured, which takes far less"
    ): "精确求解 {claims} 户约需内存 {needed} GiB，而可用内存为 {free} GiB；请改用 structured 方法，所需内存少得多",
    (
        "the search would take about {needed} GiB for {claims} {claims:household|households}, and {free} GiB are free; "
        "close other programmes, merge households that are alike into cohorts (count), or plan on a larger machine"
    ): (
        "求解 {claims} 户约需内存 {needed} GiB，而可用内存为 {free} GiB；"
        "请关闭其他程序，或把条件相同的户合并为一行（count），或换用内存更大的机器"
    ),
    "solver {solver!r}: expected highs, or pulp:NAME for a solver that PuLP knows": (
        "求解器“{solver}”：应为 highs，或 pulp:名称（PuLP 支持的求解器）"
    ),
    "solver {name!r}: PuLP has no such solver here; available are {names}": (
        "求解器“{name}”：本机 PuLP 没有；可用：{names}"
    ),
    "the scenario cannot take variant {variant!r}: it was built or changed in Python": (
        "无法套用情形“{variant}”：该基础数据是用 Python 建立或改动的"
    ),
    "{names}: named more than once": "{names}：写了不止一次",
    "amounts in {names}: scenarios in different currencies cannot be compared": (
        "金额货币为{names}：货币不同的基础数据不能比较"
    ),
    "{names}: more than one scenario by this name; state each file once, and give a scenario that was built or changed"
    " in Python a name of its own": (
        "{names}：不止一份基础数据用此名称；每个文件只写一次，用 Python 建立或改动的请各取名称"
    ),
    # --- planning
    "no plan was found within {seconds:g} s; allow more time (--time-limit) or a wider gap (--gap)": (
        "{seconds:g} 秒内没有找到方案；请放宽时间（--time-limit）或差距（--gap）"
    ),
    "no plan was found within {seconds:g} s, and no rule of thumb keeps every rule either: if nothing is done, the "
    "money for fees runs out in {month} (`renewopt check` lists the months); allow more time (--time-limit), or look "
    "for more money": (
        "{seconds:g} 秒内没有找到方案，各种经验规则也都不能满足全部条件：如不采取措施，过渡费资金在{month:月}用尽"
        "（各月情况见 `renewopt check`）；请放宽时间（--time-limit），或另筹资金"
    ),
    "interrupted before a plan was found; nothing was written": "在找到方案之前已中断；没有写入任何文件",
    "interrupted; nothing was written": "已中断；没有写入任何文件",
    "{folder} exists already; choose another folder (with --force, plan, diff and init replace what they "
    "wrote themselves)": ("{folder} 已存在；请换一个文件夹（plan、diff 和 init 可用 --force 替换自己写入的内容）"),
    "internal error: the plan that was found breaks rules and is withheld; please report this\n{broken}": (
        "内部错误：找到的方案违反规则，已扣下不用；请向我们反馈\n{broken}"
    ),
    "no payments in whole fen were found that keep {names}; state it a little wider (an equality between sums of "
    "money as two inequalities some yuan apart)": (
        "找不到精确到分且满足 {names} 的付款安排；请略微放宽（金额相等请写成相差几元的两个不等式）"
    ),
    "no plan was found within the work that is allowed": "在允许的计算量内没有找到方案",
    "no plan keeps every rule ({status}); what is short, `renewopt plan` describes": (
        "没有满足全部条件的方案（{status}）；缺口请用 `renewopt plan` 查看"
    ),
    # --- where an output cannot go
    "{folder} holds what renewopt did not write, or what was changed since: {names}; choose another folder, or move "
    "it away": "{folder} 里有不是 renewopt 写出的或写出后被改动的文件：{names}；请换一个文件夹，或先将其移走",
    "{folder} holds what the scenario reads: {names}; choose another folder": (
        "{folder} 里有基础数据要读取的文件：{names}；请换一个文件夹"
    ),
    "{path} is what the scenario is read from; choose another": "{path} 是基础数据的来源文件；请另选一个文件",
    "{count} more": "另有 {count} 个",
    "another renewopt is writing into {folder}; wait for it, or choose another folder": (
        "另一个 renewopt 正在写入 {folder}；请等它结束，或换一个文件夹"
    ),
    "{busy} (if there is none, delete {lock})": "{busy}（如确无其他 renewopt 在运行，请删除 {lock}）",
    "nothing can be written into {folder}: {reason} (about {size:.0f} MB are needed); choose another folder": (
        "无法写入 {folder}：{reason}（约需 {size:.0f} MB）；请换一个文件夹"
    ),
    "writing into {folder} failed: {reason}; all of it was saved in {saved} instead": (
        "写入 {folder} 失败：{reason}；全部内容已改存到 {saved}"
    ),
    "writing into {folder} failed: {reason}; what is missing there was saved in {saved}": (
        "写入 {folder} 失败：{reason}；未能写入的内容已存到 {saved}"
    ),
    "writing into {folder} failed: {reason}; no other folder could be written either, nothing was saved": (
        "写入 {folder} 失败：{reason}；其他文件夹也无法写入，内容未能保存"
    ),
    "internal error: {name} could not be made ({error}); everything else was written to {folder}; please report this": (
        "内部错误：无法生成 {name}（{error}）；其余内容已写入 {folder}；请向我们反馈"
    ),
    "{name} could not be made: {reason}; everything else was written to {folder}": (
        "无法生成 {name}：{reason}；其余内容已写入 {folder}"
    ),
    "{folder}: the writing of it was cut off ({reason})": "{folder}：写入曾中途中断（{reason}）",
    # --- plans read back
    "{folder} holds no {record}; expected a folder written by renewopt plan --out": (
        "{folder} 里没有 {record}；应为 renewopt plan --out 写出的文件夹"
    ),
    "{path}: not readable ({error}); write the plan anew": "{path}：无法读取（{error}）；请重新生成方案",
    "{path}: incomplete or changed ({key}); write the plan anew": ("{path}：不完整或已被改动（{key}）；请重新生成方案"),
    "{path}: format {found}, but this version of renewopt reads {known}; read it with the version that wrote it, "
    "or write the plan anew": ("{path}：格式为 {found}，本版本只读 {known}；请用写出它的版本读取，或重新生成方案"),
    "{path}: unknown status {status}; expected {names}": "{path}：无法识别的状态 {status}；应为 {names}",
    "{name} is missing in {parent}; write the plan anew": "{parent} 缺少 {name}；请重新生成方案",
    "{path}: not a table written by renewopt ({error}); write the plan anew": (
        "{path}：不是 renewopt 写出的表格（{error}）；请重新生成方案"
    ),
    "{path}: not a table written by renewopt (surplus cells); write the plan anew": (
        "{path}：不是 renewopt 写出的表格（单元格多出）；请重新生成方案"
    ),
    "{path}: expected the columns {expected}, found {found}": "{path}：应有的列：{expected}；实际的列：{found}",
    "{path} column {name}: {error}": "{path} “{name}”列：{error}",
    "this is not the scenario that the plan was made from (its files, content or variant differ): {mend}": (
        "这不是编制该方案所用的基础数据（文件、内容或情形不同）：{mend}"
    ),
    "plan it anew, or name the files of then (--scenario)": "请重新编制，或用 --scenario 指明当时的文件",
    "the plan is infeasible: there is nothing to audit": "该方案不可行，没有可核查的内容",
    "the plan holds no decisions (decisions.csv is missing); write the plan anew": (
        "该方案没有决策记录（缺少 decisions.csv）；请重新生成"
    ),
    "there is no {file}; expected a workbook written by renewopt plan --out": (
        "没有 {file}；应为 renewopt plan --out 写出的工作簿"
    ),
    "{file} cannot be read as a workbook ({reason})": "{file} 无法作为工作簿打开（{reason}）",
    "{file} holds no table of a plan; expected a workbook written by renewopt plan --out": (
        "{file} 里没有安置方案的表；应为 renewopt plan --out 写出的工作簿"
    ),
    "{file} sheet {sheet}: the columns {names} are missing": "{file} 工作表“{sheet}”：缺少 {names} 列",
    "{file} sheet {sheet} column {name}: {error}": "{file} 工作表“{sheet}”“{name}”列：{error}",
    "an infeasible plan has no work to sum up": "不可行的方案没有可总结的工作",
    "the plan has no year {year}; it runs from {first} to {last}": "方案没有 {year} 年；年份为 {first} 至 {last}",
    # --- solvers
    "HiGHS refused the model": "HiGHS 不接受该模型",
    "HiGHS refused a basis": "HiGHS 不接受基",
    "HiGHS refused bounds": "HiGHS 不接受上下限",
    "HiGHS refused a row": "HiGHS 不接受一条约束",
    "HiGHS refused costs": "HiGHS 不接受目标系数",
    "HiGHS refused whole numbers": "HiGHS 不接受整数列",
    "HiGHS does not take {value!r} for its option {option}": "HiGHS 的选项 {option} 不接受“{value}”",
    "HiGHS has no option {option} (asked for {value!r})": "HiGHS 没有选项 {option}（要设为“{value}”）",
    "HiGHS cannot tell an infeasible problem from an unbounded one": "HiGHS 无法判断该问题是不可行还是无界",
    "solver {solver!r}: PuLP passes no limit of work on; state a time limit or a gap": (
        "求解器“{solver}”：PuLP 不能限定计算量；请设定时限或差距"
    ),
    "{name} takes no time limit or gap from PuLP; pass a solver object of PuLP with your own settings": (
        "{name} 不能通过 PuLP 设置时限或差距；请在 Python 中传入自行设置的 PuLP 求解器对象"
    ),
    "HiGHS ended with {status}": "HiGHS 求解异常结束：{status}",
    "HiGHS, called through PuLP, ended with {status}": "通过 PuLP 调用的 HiGHS 异常结束：{status}",
    "{name}, called through PuLP, failed: {reason}": "通过 PuLP 调用的 {name} 出错：{reason}",
    "{name} gave an answer that does not keep {wrong}": "{name} 给出的解不满足 {wrong}",
    "{name} finds no plan, HiGHS says {status}: neither is believed": (
        "{name} 没有找到方案，HiGHS 的结论是 {status}：两者都不采信"
    ),
    "the model holds numbers that are not finite": "模型中有非有限的数",
    "the states that follow from the decisions cannot be computed": "无法推算各项决策的结果",
    # --- policies
    "unknown policy {name!r}; expected one of {names}; {hint}": "无法识别的决策方式“{name}”；可填：{names}；{hint}",
    "unknown policy {name!r}; expected one of {names}": "无法识别的决策方式“{name}”；可填：{names}",
    "policy {name!r} has no parameter {names}; it has {known}": "决策方式“{name}”没有参数 {names}；可用参数：{known}",
    "policy {name!r}: {error}": "决策方式“{name}”：{error}",
    "policy {name!r} cannot be loaded: {error}": "决策方式“{name}”无法载入：{error}",
    "{key} {value!r}: {expected}": "{key} {value!r}：{expected}",
    "{policy!r} has no name; state `name = ...` in the class": "{policy!r} 没有名称；请在类里写 `name = ...`",
    "{called!r} is a policy that ships; choose another name": "“{called}”是自带的决策方式；请换一个名称",
    "{called!r} is the optimiser that knows the future; choose another name": (
        "“{called}”专指预知未来的优化器；请换一个名称"
    ),
    "or state `policy: {called}`": "或者填 `policy: {called}`",
    "{faults}": "{faults}",
    "expected a whole number from {least}": "应为不小于 {least} 的整数",
    "expected a number above 0": "应为大于 0 的数",
    "expected a fraction from 0 to 1": "应为 0 至 1 的小数",
    "expected a fraction from 0 to less than 1": "应为不小于 0、小于 1 的小数",
    "expected one of {names}": "可填：{names}",
    "expected groups of one or more of {names}": "应为若干组，每组至少一项，可填：{names}",
    # --- comparisons
    "seeds {seeds!r}: expected a whole number from 1 to {most:,}": "seeds {seeds!r}：应为 1 至 {most:,} 的整数",
    "optimising_seeds {optimising_seeds!r}: expected a whole number from 0 to seeds, {seeds}": (
        "optimising_seeds {optimising_seeds!r}：应为 0 至 seeds（{seeds}）的整数"
    ),
    "jobs {jobs!r}: expected a whole number from 1": "jobs {jobs!r}：应为不小于 1 的整数",
    "{names}: named more than once; name each policy once, and give one with other parameters a name of its own (a"
    " subclass, or an entry of policies in the scenario)": "决策方式 {names} 重复；每种只写一次，参数不同的请另起名称"
    "（定义子类，或写入基础数据的 policies）",
    "unknown future {names}; the scenario states {known}": "无法识别的未来情景 {names}；基础数据写有：{known}",
    "worker {worker} of the cluster has no renewopt that can be used ({reason}); install renewopt {ours} there": (
        "集群的工作进程 {worker} 上没有可用的 renewopt（{reason}）；请在其上安装 renewopt {ours}"
    ),
    "worker {worker} of the cluster has renewopt {theirs}, here it is {ours}; install the same on both": (
        "集群的工作进程 {worker} 使用 renewopt {theirs}，本机为 {ours}；请两边安装同一版本"
    ),
    "worker {worker} of the cluster has another state of renewopt {ours}: its files differ from those here; install the"
    " same on both": "集群的工作进程 {worker} 上的 renewopt {ours} 与本机的文件不同；请两边安装同一版本",
    "cluster {cluster!r}: expected dask, or dask:ADDRESS such as dask:tcp://10.0.0.5:8786": (
        "cluster {cluster!r}：应为 dask，或 dask:地址，如 dask:tcp://10.0.0.5:8786"
    ),
    "dask is not installed: pip install 'renewopt[dask]'": "未安装 dask：pip install 'renewopt[dask]'",
    "Parquet needs pyarrow: pip install 'renewopt[parquet]'": "Parquet 需要 pyarrow：pip install 'renewopt[parquet]'",
    "no other process can be started from here: in a script, call compare below `if __name__ == '__main__':`;"
    " elsewhere, jobs=1 does without": "无法从这里启动其他进程：在脚本中，请把 compare 的调用放在"
    " `if __name__ == '__main__':` 之下；其他情况下，用 jobs=1 则不需要其他进程",
    "{path} has changed while it was compared; compare anew": "比较期间 {path} 有改动；请重新比较",
    "{folder}: format {found!r}, but this version reads {known}": "{folder}：格式为 {found}，本版本只读 {known}",
    "runs of {places}: name one, scenario=… and variant=…": "{places}均有测算，请以 scenario=… 和 variant=… 指定一个",
    "there is no run of policy {name!r} in this part of the comparison": "这部分比较里没有决策方式“{name}”的测算",
}
