"""What the audit finds, by the code of the violation, in English and Chinese."""

PHRASES: dict[str, tuple[str, str]] = {
    "amounts.negative": ("{table}, row {row}: {found} is negative; expected at least {expected}",
        "{table} 第 {row} 行：{found} 为负数；应不小于 {expected}"),
    "household.count": (
        "{found} {found:household|households} of {claim} {found:is|are} settled; expected at most {expected}",
        "{claim} 已安置 {found} 户；应不超过 {expected} 户"),
    "household.window": ("{claim} chooses {offer} in {found}; expected a month in {expected}",
        "{claim} 在{found:月}选择 {offer}；应在{expected:月}之内"),
    "household.indivisible": (
        ("{found} {found:household|households} of {claim} {found:chooses|choose} {offer} in {month}; it is kept "
        "together: expected all {expected} in one choice"),
        "{claim} 有 {found} 户在{month:月}选择 {offer}；整体安置，应为全部 {expected} 户一次选定"),
    "related.parted": ("related households {group} are given homes in {found}; expected {expected} estate",
        "亲属组 {group} 安置在 {found}；应为 {expected} 个小区"),
    "deadline.missed": (
        "{found} {found:household|households} of {claim} {found:is|are} not housed by {month}; expected {expected}",
        "{claim} 有 {found} 户到{month:月}仍未入住；应为 {expected} 户"),
    "idle.homes": (
        ("{found} {found:household|households} of {project} {found:waits|wait} while {homes} {homes:home|homes} "
        "open to {found:it|them} {homes:is|are} free ({pools}); expected {expected}"),
        "{project} 有 {found} 户仍在等待，而可供其选择的 {homes} 套房源空置（{pools}）；应为 {expected} 户"),
    "idle.offers": (
        ("{found} {found:household|households} of {project} {found:waits|wait} while offers that cost nothing are "
        "open to {found:it|them}; expected {expected}"),
        "{project} 有 {found} 户仍在等待，而有无需支出的安置方式可供其选择；应为 {expected} 户"),
    "stock.overdrawn": ("{found} {measure} taken from {pool} by {month}; expected at most {expected}, what has arrived",
        "到{month:月}从 {pool} 取用 {found} {measure}；应不超过已到房源 {expected}"),
    "reservation.overdrawn": (
        "{found} {measure} of {pool} given in transfer by {month}; expected at most {expected}, the surplus",
        "到{month:月}以调安使用 {pool} {found} {measure}；应不超过富余房源 {expected}"),
    "limits.monthly": (
        "{found} {found:household|households} in {month} under limit {limit}; expected at most {expected}",
        "{limit}：{month:月}安置 {found} 户；应不超过 {expected} 户"),
    "limits.total": ("{found} {found:household|households} by {month} under limit {limit}; expected at most {expected}",
        "{limit}：到{month:月}累计 {found} 户；应不超过 {expected} 户"),
    "construction.twice": ("phase {phase} is handed over {found} {found:time|times}; expected at most {expected}",
        "分期 {phase} 交付 {found} 次；应不超过 {expected} 次"),
    "construction.window": ("phase {phase} is handed over in {found}; expected a month in {expected}",
        "分期 {phase} 在{found:月}交付；应在{expected:月}之内"),
    "construction.pinned": ("phase {phase} is handed over in {found}; by contract it is to be by {expected}",
        "分期 {phase} 在{found:月}交付；按合同应不晚于{expected:月}"),
    "pins.offer": ("{claim} takes {found} in {month}; it has signed for {expected}",
        "{claim} 在{month:月}选择 {found}；已签约 {expected}"),
    "pins.month": ("{claim} chooses in {found}; by its contract in {expected}",
        "{claim} 在{found:月}选定；按合同应在{expected:月}"),
    "pins.left": (
        ("{found} {found:household|households} of {claim} {found:has|have} not chosen by {month} what "
        "{found:it has|they have} signed for; expected {expected}"),
        "{claim} 有 {found} 户到{month:月}仍未按已签合同选定；应为 {expected}"),
    "construction.unpaid": (
        "phase {phase} is handed over in {month} with {found} yuan spent in time; expected {expected} yuan",
        "分期 {phase} 在{month:月}交付时按期投入 {found} 元；应为 {expected} 元"),
    "construction.overspent": ("{found} yuan spent on phase {phase} by {month}; expected at most {expected} yuan",
        "到{month:月}分期 {phase} 投入 {found} 元；应不超过 {expected} 元"),
    "construction.monthly": ("{found} yuan spent on phase {phase} in {month}; expected at most {expected} yuan",
        "分期 {phase} 在{month:月}投入 {found} 元；应不超过 {expected} 元"),
    "construction.late": ("phase {phase} is built in {found}; expected a month up to {expected}",
        "分期 {phase} 在{found:月}仍有投入；应不晚于{expected:月}"),
    "need.underpaid": ("{found} yuan met of {need} in {month}; expected {expected} yuan",
        "{need} 在{month:月}支付 {found} 元；应为 {expected} 元"),
    "need.overpaid": ("{found} yuan met of {need} in {month}; expected at most {expected} yuan",
        "{need} 在{month:月}支付 {found} 元；应不超过 {expected} 元"),
    "need.fund": ("fund {fund} pays {found} yuan of {need} in {month}, which it may not pay; expected {expected}",
        "资金 {fund} 在{month:月}支付 {need} {found} 元，不属其用途；应为 {expected}"),
    "need.shortfall": ("{found} yuan of {need} in {month} cannot be found; expected {expected}",
        "{need} 在{month:月}缺口 {found} 元；应为 {expected}"),
    "owing.never": ("{found} yuan of {need} in {month} left owing, which may not be owed; expected {expected}",
        "{need} 在{month:月}欠付 {found} 元，该项不得欠付；应为 {expected}"),
    "owing.bill": ("{found} yuan of {need} left owing in {month}; expected at most the bill, {expected} yuan",
        "{need} 在{month:月}欠付 {found} 元；应不超过当月应付 {expected} 元"),
    "owing.share": ("{found} yuan left owing in {month} under rule {rule}; expected at most {expected} yuan",
        "{rule}：{month:月}新增欠付 {found} 元；应不超过 {expected} 元"),
    "owing.stock": (
        "{found} yuan of arrears at the close of {month} under rule {rule}; expected at most {expected} yuan",
        "{rule}：{month:月}末欠付余额 {found} 元；应不超过 {expected} 元"),
    "owing.latest": ("{found} yuan of arrears of {need} repaid by {month}; expected at least {expected} yuan",
        "到{month:月} {need} 已偿还欠付 {found} 元；应不少于 {expected} 元"),
    "offset.developer": (
        "{found} yuan of {need} set off in {month}, which no developer with debts receives; expected {expected}",
        "{need} 在{month:月}冲抵 {found} 元，但没有可供冲抵的开发企业；应为 {expected}"),
    "offset.bill": (
        "{found} yuan of {need} set off in {month}; expected at most {expected} yuan, what the developer is owed",
        "{need} 在{month:月}冲抵 {found} 元；应不超过应付开发企业的 {expected} 元"),
    "offset.debt": (
        "{found} yuan set off against {developer} by {month}; expected at most {expected} yuan, its debt fallen due",
        "到{month:月} {developer} 累计冲抵 {found} 元；应不超过到期债务 {expected} 元"),
    "offset.target": ("{found} yuan set off against {developer} by {month}; expected at least {expected} yuan",
        "到{month:月} {developer} 累计冲抵 {found} 元；应不少于 {expected} 元"),
    "fund.balance": ("fund {fund} closes {month} with {found} yuan; expected at least {expected} yuan",
        "资金 {fund} 在{month:月}末余额 {found} 元；应不少于 {expected} 元"),
    "fund.monthly": ("{found} yuan leave fund {fund} in {month}; expected at most {expected} yuan",
        "资金 {fund} 在{month:月}支出 {found} 元；应不超过 {expected} 元"),
    "fund.total": ("{found} yuan have left fund {fund} by {month}; expected at most {expected} yuan",
        "到{month:月}资金 {fund} 累计支出 {found} 元；应不超过 {expected} 元"),
    "release.drawn": (
        "{found} yuan drawn from fund {fund} by {month}; expected at most {expected} yuan, what progress releases",
        "到{month:月}资金 {fund} 累计提用 {found} 元；应不超过按进度可用的 {expected} 元"),
    "reserve.low": ("the funds that may pay fees close {month} with {found} yuan; expected at least {expected} yuan",
        "{month:月}末可付过渡费的资金合计 {found} 元；应不少于 {expected} 元"),
    "loans.window": ("the loan of fund {fund} is drawn in {found}; expected a month in {expected}",
        "资金 {fund} 的借款在{found:月}提款；应在{expected:月}之内"),
    "loans.limit": ("{found} yuan borrowed of the loan of fund {fund} by {month}; expected at most {expected} yuan",
        "到{month:月}资金 {fund} 累计借款 {found} 元；应不超过 {expected} 元"),
    "loans.outstanding": (
        "{found} yuan outstanding of the loan of fund {fund} at the close of {month}; expected at most {expected} yuan",
        "{month:月}末资金 {fund} 借款余额 {found} 元；应不超过 {expected} 元"),
    "loans.overpaid": (
        ("{found} yuan outstanding of the loan of fund {fund} at the close of {month}; expected at least "
        "{expected} yuan"),
        "{month:月}末资金 {fund} 借款余额 {found} 元；应不少于 {expected} 元"),
    "loans.late": ("{found} yuan of the loan of fund {fund} repaid by {month}; expected at least {expected} yuan",
        "到{month:月}资金 {fund} 已还借款 {found} 元；应不少于 {expected} 元"),
    "loans.dated": (
        ("{found} yuan of the loan of fund {fund} repaid by decision in {month}, whose dates are fixed; expected "
        "{expected}"),
        "资金 {fund} 在{month:月}自行还款 {found} 元，但还款日已定；应为 {expected}"),
    "moves.monthly": ("{found} yuan moved from {fund} to {other} in {month}; expected at most {expected} yuan",
        "{month:月}从 {fund} 调入 {other} {found} 元；应不超过 {expected} 元"),
    "moves.total": ("{found} yuan moved from {fund} to {other} by {month}; expected at most {expected} yuan",
        "到{month:月}从 {fund} 调入 {other} 累计 {found} 元；应不超过 {expected} 元"),
    "books.late": ("{found} yuan fall due after {month}, the last month of the books; expected {expected}",
        "{found} 元在账期末{month:月}之后到期；应为 {expected}"),
    "books.need": ("{found} yuan fall due on no need; expected {expected}",
        "{found} 元到期但没有对应的支出项目；应为 {expected}"),
    "past.changed": ("{table} {key} in {month}: {found} decided, but the past says {expected}",
        "{table} {key}，{month:月}：决定为 {found}，但既往记录为 {expected}"),
}  # fmt: skip
